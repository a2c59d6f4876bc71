package dev.gatepost.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.rules.ConditionJson.Providers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A workflow's rules as JSON: what people import and export, what the API takes and gives, what is stored. Id and version
 * stand beside it. {@link #schema()} describes it for other programs.
 */
public final class WorkflowJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Set<String> KEYS = Set.of("name", "rules", "default", "default_message");
    private static final Set<String> RULE_KEYS = Set.of("name", "when", "then", "message");

    private WorkflowJson() {}

    /** Reads a draft. Every mistake is named, with its path; contradictions between rules are mistakes too. */
    public static Reading read(String json) {
        var mistakes = new Mistakes();
        var workflow = read(json, Providers.KNOWN, mistakes);
        if (workflow.isPresent() && mistakes.isEmpty()) {
            Contradictions.report(workflow.get(), mistakes);
        }
        return workflow.isPresent() && mistakes.isEmpty() ? new Reading.Good(workflow.get()) : mistakes.wrong();
    }

    /**
     * Reads what was stored after it had been read once, by this version or an earlier one.
     *
     * @throws IllegalStateException when it is no workflow: the store is damaged or newer than the program
     */
    public static Workflow readStored(String json) {
        var mistakes = new Mistakes();
        return read(json, Providers.ANY, mistakes)
                .filter(_ -> mistakes.isEmpty())
                .orElseThrow(() -> new IllegalStateException(
                        "stored workflow cannot be read: " + mistakes.wrong().sentence()));
    }

    /** One line of JSON. */
    public static String write(Workflow workflow) {
        return node(workflow).toString();
    }

    /** JSON for people: indented. */
    public static String writePretty(Workflow workflow) {
        return node(workflow).toPrettyString();
    }

    /**
     * The JSON Schema, draft 2020-12. It says all but what concerns several places at once (names given twice, depth,
     * contradictions) and what exactly is a domain or an address.
     */
    public static String schema() {
        try (var in = WorkflowJson.class.getResourceAsStream("workflow.schema.json")) {
            if (in == null) {
                throw new IllegalStateException("missing resource workflow.schema.json");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Workflow> read(String json, Providers providers, Mistakes mistakes) {
        if (json.length() > RuleLimits.DOCUMENT_CHARS_MAX) {
            mistakes.add(
                    "workflow",
                    "is %,d characters long; at most %,d are allowed"
                            .formatted(json.length(), RuleLimits.DOCUMENT_CHARS_MAX));
            return Optional.empty();
        }
        JsonNode tree;
        try {
            DuplicateKeysJson.report(JSON.getFactory(), json, mistakes);
            tree = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            mistakes.add("workflow", unreadable(e));
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return workflow(new PlaceJson(tree, "", mistakes), new ConditionJson(providers));
    }

    private static String unreadable(JsonProcessingException e) {
        var where = e.getLocation();
        return "is not JSON: " + PlaceJson.shown(e.getOriginalMessage())
                + (where == null ? "" : " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")");
    }

    private static Optional<Workflow> workflow(PlaceJson top, ConditionJson conditions) {
        if (!top.isObject(KEYS)) {
            return Optional.empty();
        }
        var name = top.at("name").line(1, RuleLimits.NAME_CHARS_MAX);
        var places = top.at("rules").elements(0, RuleLimits.RULES_MAX);
        var rules = new ArrayList<Rule>();
        var names = new HashSet<String>();
        for (var place : places) {
            rule(place, conditions, names).ifPresent(rules::add);
        }
        var otherwise = outcome(top.at("default"));
        var message = message(top.at("default_message"));
        return name.isEmpty() || otherwise.isEmpty() || message.isEmpty() || rules.size() < places.size()
                ? Optional.empty()
                : Optional.of(Workflow.draft(name.get(), rules, otherwise.get(), message.get()));
    }

    private static Optional<Rule> rule(PlaceJson place, ConditionJson conditions, Set<String> names) {
        if (!place.isObject(RULE_KEYS)) {
            return Optional.empty();
        }
        var name = place.at("name").line(1, RuleLimits.NAME_CHARS_MAX);
        name.ifPresent(text -> {
            if (text.equals(Workflow.BY_DEFAULT)) {
                place.at("name").wrong("\"" + text + "\" stands for no rule at all; name it otherwise");
            } else if (!names.add(text)) {
                place.at("name").wrong("another rule is named \"" + text + "\" already");
            }
        });
        var when = conditions.read(place.at("when"));
        var then = outcome(place.at("then"));
        var message = message(place.at("message"));
        return name.isEmpty() || when.isEmpty() || then.isEmpty() || message.isEmpty()
                ? Optional.empty()
                : Optional.of(new Rule(name.get(), when.get(), then.get(), message.get()));
    }

    private static Optional<Outcome> outcome(PlaceJson place) {
        var found = Arrays.stream(Outcome.values())
                .filter(outcome -> place.node().isTextual()
                        && outcome.word().equals(place.node().textValue()))
                .findFirst();
        if (found.isEmpty()) {
            place.wrong((place.isMissing() ? "is missing; it must be " : "must be ") + "accept, flag or reject");
        }
        return found;
    }

    private static Optional<String> message(PlaceJson place) {
        return place.isMissing() ? Optional.of("") : place.line(0, RuleLimits.MESSAGE_CHARS_MAX);
    }

    /** As {@link #write}, for something larger. */
    public static ObjectNode node(Workflow workflow) {
        var node = JSON.createObjectNode().put("name", workflow.name());
        var rules = node.putArray("rules");
        for (var rule : workflow.rules()) {
            var each = rules.addObject().put("name", rule.name());
            each.set("when", ConditionJson.write(rule.when()));
            each.put("then", rule.then().word());
            if (!rule.message().isEmpty()) {
                each.put("message", rule.message());
            }
        }
        node.put("default", workflow.otherwise().word());
        if (!workflow.otherwiseMessage().isEmpty()) {
            node.put("default_message", workflow.otherwiseMessage());
        }
        return node;
    }
}
