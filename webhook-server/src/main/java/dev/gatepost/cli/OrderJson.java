package dev.gatepost.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashMap;

/** Orders and their outcomes as they cross the control socket: one line of JSON each way. */
final class OrderJson {

    private static final JsonMapper JSON = new JsonMapper();

    private OrderJson() {}

    static String write(Order order) {
        var node = JsonLine.object().put("verb", order.verb().name());
        var arguments = node.putObject("arguments");
        order.arguments().forEach(arguments::put);
        return node.toString();
    }

    /** @throws IllegalArgumentException when it is no order */
    static Order readOrder(String line) {
        var node = tree(line);
        var arguments = new HashMap<String, String>();
        node.path("arguments")
                .properties()
                .forEach(each -> arguments.put(each.getKey(), each.getValue().asText()));
        return new Order(Order.Verb.valueOf(node.path("verb").asText()), arguments);
    }

    static String write(Outcome outcome) {
        return JsonLine.object()
                .put("exit", outcome.exit().name())
                .put("code", outcome.code())
                .put("text", outcome.text())
                .put("json", outcome.json())
                .toString();
    }

    /** @throws IllegalArgumentException when it is no outcome */
    static Outcome readOutcome(String line) {
        var node = tree(line);
        return new Outcome(
                Exit.valueOf(node.path("exit").asText()),
                node.path("code").asText(),
                node.path("text").asText(),
                node.path("json").asText());
    }

    private static JsonNode tree(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }
}
