package dev.gatepost.rules;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.address.AddressDialect;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Syntax;
import dev.gatepost.smtp.ProviderTable;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Status;
import dev.gatepost.verify.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads and writes the conditions of one workflow: objects with just one key each. For one thread. */
final class ConditionJson {
    private static final Set<String> KEYS = Set.of(
            "status_in",
            "trait",
            "score_below",
            "reason_in",
            "domain_in",
            "address_in",
            "provider_in",
            "all",
            "any",
            "not");

    private final Providers providers;
    private int conditions;

    ConditionJson(Providers providers) {
        this.providers = requireNonNull(providers, "providers");
    }

    /** Which names of providers are taken. */
    enum Providers {
        /** Those that this version of the program knows. */
        KNOWN,
        /** Any: an earlier version may have known it. */
        ANY
    }

    /** The condition that stands here, or empty when there is a mistake in it. */
    Optional<Condition> read(PlaceJson place) {
        return read(place, 1);
    }

    private Optional<Condition> read(PlaceJson place, int depth) {
        conditions++;
        if (conditions == RuleLimits.CONDITIONS_MAX + 1) {
            place.wrong("is one condition too many; a workflow may have %,d".formatted(RuleLimits.CONDITIONS_MAX));
        }
        if (conditions > RuleLimits.CONDITIONS_MAX) {
            return Optional.empty();
        }
        if (depth > RuleLimits.DEPTH_MAX) {
            place.wrong("stands too deep; conditions may stand " + RuleLimits.DEPTH_MAX + " deep in each other");
            return Optional.empty();
        }
        if (!place.isObject(KEYS)) {
            return Optional.empty();
        }
        if (place.node().size() != 1) {
            place.wrong(
                    place.node().isEmpty()
                            ? "says nothing; give it one of " + words(KEYS.stream())
                            : "must have just one key; put several into \"all\" or \"any\"");
            return Optional.empty();
        }
        var key = place.node().fieldNames().next();
        var value = place.at(key);
        return switch (key) {
            case "status_in" ->
                set(value, enumOf(Status.values(), Status::word)).map(Condition.StatusIn::new);
            case "trait" -> enumOf(Trait.values(), Trait::word).apply(value).map(Condition.HasTrait::new);
            case "score_below" -> score(value);
            case "reason_in" ->
                set(value, enumOf(Reason.values(), Reason::code)).map(Condition.ReasonIn::new);
            case "domain_in" -> set(value, ConditionJson::domain).map(Condition.DomainIn::new);
            case "address_in" -> set(value, ConditionJson::address).map(Condition.AddressIn::new);
            case "provider_in" -> set(value, this::provider).map(Condition.ProviderIn::new);
            case "all" -> each(value, depth).map(Condition.All::new);
            case "any" -> each(value, depth).map(Condition.Any::new);
            case "not" -> read(value, depth + 1).map(Condition.Not::new);
            default -> Optional.empty(); // named as unknown above
        };
    }

    /** All of a list's conditions, or empty when one of them is wrong; each is looked at. */
    private Optional<List<Condition>> each(PlaceJson list, int depth) {
        var places = list.elements(1, Integer.MAX_VALUE);
        var read = new ArrayList<Condition>();
        for (var place : places) {
            read(place, depth + 1).ifPresent(read::add);
            if (conditions > RuleLimits.CONDITIONS_MAX) {
                return Optional.empty();
            }
        }
        return places.isEmpty() || read.size() < places.size() ? Optional.empty() : Optional.of(read);
    }

    private static <T> Optional<Set<T>> set(PlaceJson list, Function<PlaceJson, Optional<T>> reader) {
        var places = list.elements(1, RuleLimits.LIST_ENTRIES_MAX);
        var entries = new LinkedHashSet<T>();
        var wrong = places.isEmpty();
        for (var place : places) {
            var entry = reader.apply(place);
            if (entry.isEmpty()) {
                wrong = true;
            } else if (!entries.add(entry.get())) {
                place.wrong("stands in the list already");
                wrong = true;
            }
        }
        return wrong ? Optional.empty() : Optional.of(entries);
    }

    private static <E extends Enum<E>> Function<PlaceJson, Optional<E>> enumOf(E[] values, Function<E, String> word) {
        return place -> place.text().flatMap(text -> {
            var found = Arrays.stream(values)
                    .filter(value -> word.apply(value).equals(text))
                    .findFirst();
            if (found.isEmpty()) {
                place.wrong("there is no \"" + PlaceJson.shown(text) + "\"; there is "
                        + words(Arrays.stream(values).map(word)));
            }
            return found;
        });
    }

    private static Optional<Condition> score(PlaceJson place) {
        var node = place.node();
        if (!node.isIntegralNumber()
                || !node.canConvertToInt()
                || node.intValue() < 1
                || node.intValue() > RuleLimits.SCORE_MAX) {
            place.wrong("must be 1-" + RuleLimits.SCORE_MAX);
            return Optional.empty();
        }
        return Optional.of(new Condition.ScoreBelow(node.intValue()));
    }

    /** A name as people write it, also a top-level domain alone. */
    private static Optional<String> domain(PlaceJson place) {
        return place.text().flatMap(text -> {
            var below = text.indexOf('.') < 0 ? "a." : "";
            if (text.indexOf('@') < 0
                    && AddressParser.parse("a@" + below + text, AddressDialect.SMTP)
                            instanceof Syntax.Wellformed(var address)) {
                return Optional.of(address.domain().ascii().substring(below.length()));
            }
            place.wrong("\"" + PlaceJson.shown(text) + "\" is not a domain; write it like example.org");
            return Optional.empty();
        });
    }

    private static Optional<String> address(PlaceJson place) {
        return place.text().flatMap(text -> switch (AddressParser.parse(text, AddressDialect.SMTPUTF8)) {
            case Syntax.Wellformed(var address) -> Optional.of(address.normalized());
            case Syntax.Malformed(var defect) -> {
                place.wrong("\"" + PlaceJson.shown(text) + "\" is not an address: " + defect.sentence());
                yield Optional.empty();
            }
        });
    }

    private Optional<String> provider(PlaceJson place) {
        return place.line(1, RuleLimits.NAME_CHARS_MAX).flatMap(text -> {
            if (providers == Providers.ANY || ProviderTable.names().contains(text)) {
                return Optional.of(text);
            }
            place.wrong("there is no provider \"" + PlaceJson.shown(text) + "\"; there is "
                    + words(ProviderTable.names().stream()));
            return Optional.empty();
        });
    }

    private static String words(Stream<String> words) {
        return words.sorted(String.CASE_INSENSITIVE_ORDER).collect(Collectors.joining(", "));
    }

    static ObjectNode write(Condition condition) {
        var node = JsonNodeFactory.instance.objectNode();
        switch (condition) {
            case Condition.StatusIn(var statuses) -> texts(node, "status_in", statuses, Status::word);
            case Condition.HasTrait(var trait) -> node.put("trait", trait.word());
            case Condition.ScoreBelow(var score) -> node.put("score_below", score);
            case Condition.ReasonIn(var reasons) -> texts(node, "reason_in", reasons, Reason::code);
            case Condition.DomainIn(var domains) -> texts(node, "domain_in", domains, Function.identity());
            case Condition.AddressIn(var addresses) -> texts(node, "address_in", addresses, Function.identity());
            case Condition.ProviderIn(var names) -> texts(node, "provider_in", names, Function.identity());
            case Condition.All(var each) -> conditions(node, "all", each);
            case Condition.Any(var each) -> conditions(node, "any", each);
            case Condition.Not(var inner) -> node.set("not", write(inner));
        }
        return node;
    }

    private static void conditions(ObjectNode node, String key, List<Condition> each) {
        var array = node.putArray(key);
        each.forEach(condition -> array.add(write(condition)));
    }

    private static <T> void texts(ObjectNode node, String key, Collection<T> values, Function<T, String> word) {
        var array = node.putArray(key);
        values.stream().map(word).sorted().forEach(array::add);
    }
}
