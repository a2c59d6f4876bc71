package dev.gatepost.hubspot.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Workflows of the sandbox: runs a custom step, waits for its callback where it asks for that. Safe for any thread. */
final class StepBook {
    /** How long HubSpot waits for a step. HubSpot documentation, "Webhook information". */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private static final MediaType JSON = MediaType.get("application/json");

    private final SandboxApp app;
    private final InstantSource clock;
    private final WebhookSigner signer;
    private final OkHttpClient http = new OkHttpClient.Builder()
            .callTimeout(ANSWER_TIMEOUT)
            .readTimeout(ANSWER_TIMEOUT)
            .followRedirects(false)
            .build();
    private final AtomicLong nextCallback = new AtomicLong(56_776_413_549L);
    private final Map<String, SandboxStep> steps = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> completions = new ConcurrentHashMap<>();

    StepBook(SandboxApp app, InstantSource clock, WebhookSigner signer) {
        this.app = app;
        this.clock = clock;
        this.signer = signer;
    }

    /** Runs the step once more with the same callback id, or for the first time with an empty one. */
    SandboxStep run(String url, SandboxContact contact, Map<String, String> inputs, String callbackId) {
        var callback = callbackId.isEmpty()
                ? "ap-" + app.portalId() + "-" + nextCallback.getAndIncrement() + "-7-0"
                : callbackId;
        var body = SandboxJson.object().put("callbackId", callback);
        body.putObject("origin")
                .put("portalId", app.portalId())
                .put("actionDefinitionId", 10_646_377)
                .put("actionDefinitionVersion", 1);
        body.putObject("context").put("source", "WORKFLOWS").put("workflowId", 192_814_114);
        body.putObject("object").put("objectId", Long.parseLong(contact.id())).put("objectType", "CONTACT");
        var values = body.putObject("inputFields");
        inputs.forEach(values::put);
        var answer = post(url, SandboxJson.write(body));
        var outputs = SandboxJson.texts(answer.body().path("outputFields"));
        var state = outputs.getOrDefault("hs_execution_state", answer.status() == 200 ? "SUCCESS" : "");
        var step = new SandboxStep(callback, answer.status(), state, outputs);
        steps.putIfAbsent(callback, step);
        return step;
    }

    /** What a drop-down of the step shows. */
    Map<String, String> options(String url) {
        var body = SandboxJson.object().put("objectTypeId", "0-1").put("inputFieldName", "workflow");
        body.putObject("origin").put("portalId", app.portalId());
        body.putObject("fetchOptions").put("q", "");
        Map<String, String> options = new LinkedHashMap<>();
        post(url, SandboxJson.write(body))
                .body()
                .path("options")
                .forEach(option -> options.put(
                        option.path("value").asText(), option.path("label").asText()));
        return options;
    }

    private record Said(int status, JsonNode body) {}

    private Said post(String url, String body) {
        HttpUrl.get(url);
        var request = new Request.Builder().url(url).post(RequestBody.create(body.getBytes(UTF_8), JSON));
        signer.actionHeaders(url, body, clock.instant()).forEach(request::header);
        try (var response = http.newCall(request.build()).execute()) {
            return new Said(response.code(), SandboxJson.read(response.body().bytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("the step was not answered", e);
        }
    }

    /** The call that completes one waiting step. */
    SandboxReply complete(String callback, JsonNode body) {
        return isWaiting(callback) ? done(callback, body) : gone();
    }

    /** The call that completes many; nothing is done when one of them is unknown. */
    SandboxReply completeAll(JsonNode body) {
        var inputs = body.path("inputs").valueStream().toList();
        if (inputs.isEmpty()
                || !inputs.stream()
                        .allMatch(one -> isWaiting(one.path("callbackId").asText("")))) {
            return gone();
        }
        inputs.forEach(one -> done(one.path("callbackId").asText(""), one));
        return SandboxReply.noContent();
    }

    private boolean isWaiting(String callback) {
        return Optional.ofNullable(steps.get(callback))
                        .filter(step -> step.state().equals("BLOCK"))
                        .isPresent()
                || completions.containsKey(callback);
    }

    private SandboxReply done(String callback, JsonNode body) {
        var outputs = SandboxJson.texts(body.path("outputFields"));
        completions.computeIfAbsent(callback, _ -> new AtomicInteger()).incrementAndGet();
        steps.put(
                callback,
                new SandboxStep(callback, 204, outputs.getOrDefault("hs_execution_state", "SUCCESS"), outputs));
        return SandboxReply.noContent();
    }

    Optional<SandboxStep> step(String callback) {
        return Optional.ofNullable(steps.get(callback));
    }

    /** A step that waits: for tests of the callbacks alone. */
    String block() {
        var callback = "ap-" + app.portalId() + "-" + nextCallback.getAndIncrement() + "-7-0";
        steps.put(callback, new SandboxStep(callback, 200, "BLOCK", Map.of()));
        return callback;
    }

    private static SandboxReply gone() {
        return SandboxReply.error(404, "OBJECT_NOT_FOUND", "No such callback, or it has expired");
    }
}
