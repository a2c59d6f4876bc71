package dev.gatepost.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Reply;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.connector.WriteBack.Skipped;
import dev.gatepost.connector.WriteBack.Written;
import dev.gatepost.hubspot.HubSpotAnswer.Bad;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Tells workflow steps that wait what came out, many in one call. A batch refused as a whole is halved until the callback
 * at fault stands alone: it has expired, and is dropped. Used once, by one thread.
 */
final class HubSpotReplies {
    /** Reason of a reply nobody waits for any more. */
    static final String CALLBACK_GONE = "callback_gone";
    /** Calls for one batch: enough to single out several expired callbacks among 100. */
    private static final int CALLS_MAX = 40;

    /** Refusals that one callback of the batch may be the cause of. */
    private static final Set<Integer> ONE_AT_FAULT = Set.of(400, 404, 409, 410, 413, 422);

    private final HubSpotApi api;
    private final HubSpotPaths paths;
    private int callsLeft = CALLS_MAX;

    HubSpotReplies(HubSpotApi api, HubSpotPaths paths) {
        this.api = api;
        this.paths = paths;
    }

    /** One outcome for each, in the same order. */
    List<WriteBack> tell(List<Reply> replies) {
        if (replies.isEmpty()) {
            return List.of();
        }
        if (callsLeft-- <= 0) {
            return all(replies, HubSpotOutcomes.notReached(CALLS_MAX));
        }
        return switch (api.post(paths.callbacks(), question(replies))) {
            case Good(int status, var body) when status == 207 -> partly(replies, body);
            case Good _ -> all(replies, new Written());
            case Bad(int status, var _)
            when ONE_AT_FAULT.contains(status) ->
                replies.size() == 1 ? all(replies, new Skipped(CALLBACK_GONE)) : halves(replies);
            case HubSpotAnswer other -> all(replies, HubSpotOutcomes.failed(other));
        };
    }

    /** Callbacks that an error names were not taken. */
    private static List<WriteBack> partly(List<Reply> replies, JsonNode body) {
        var errors = body.path("errors").valueStream().map(HubSpotError::of).toList();
        return replies.stream()
                .<WriteBack>map(reply -> errors.stream()
                                .anyMatch(error -> error.ids().contains(reply.callback())
                                        || error.words().contains(reply.callback()))
                        ? new Skipped(CALLBACK_GONE)
                        : new Written())
                .toList();
    }

    private List<WriteBack> halves(List<Reply> replies) {
        int half = replies.size() / 2;
        var outcomes = new ArrayList<>(tell(replies.subList(0, half)));
        outcomes.addAll(tell(replies.subList(half, replies.size())));
        return outcomes;
    }

    private static List<WriteBack> all(List<Reply> replies, WriteBack outcome) {
        return Collections.nCopies(replies.size(), outcome);
    }

    /** HubSpot's description requires {@code typedOutputs}, its guide leaves them out: an empty object suits both. */
    private static JsonNode question(List<Reply> replies) {
        var question = CrmJson.object();
        var inputs = question.putArray("inputs");
        for (var reply : replies) {
            var input = inputs.addObject().put("callbackId", reply.callback());
            input.set("outputFields", HubSpotOutputs.of(reply.outcome()));
            input.putObject("typedOutputs");
        }
        return question;
    }
}
