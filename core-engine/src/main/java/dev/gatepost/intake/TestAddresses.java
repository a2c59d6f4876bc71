package dev.gatepost.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.address.Syntax;
import dev.gatepost.verify.Evidence;
import dev.gatepost.verify.EvidenceJson;
import dev.gatepost.verify.Verdict;
import dev.gatepost.verify.Verification;
import dev.gatepost.verify.VerifyRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The fixed table that test keys are answered from: {@code WORD@gatepost.test} for each status, trait and reason. The evidence
 * is of the shape that real mail hosts give, and judged by the same verdict. No network, no lists, no clock but for the times
 * in the answer.
 *
 * <p>{@code slow@} takes {@link #SLOW}; {@code greylisted@} is asked again on schedule and is accepted then. Any other address
 * that is well-formed is {@code offline}: nobody was asked.
 */
public final class TestAddresses {
    /** The domain of all; {@code .test} is reserved (RFC 6761, section 6.2), so it is nobody's. */
    public static final String DOMAIN = "gatepost.test";

    /** How long {@code slow@} takes. */
    public static final Duration SLOW = Duration.ofSeconds(3);

    private static final String SLOW_WORD = "slow";
    private static final String GREYLISTED = "greylisted";
    private static final String ACCEPTED = "accepted";
    private static final String OFFLINE = "offline";
    private static final Map<String, List<Evidence>> TABLE = read();

    private TestAddresses() {}

    /** Every word that stands before {@code @gatepost.test}, sorted. */
    public static List<String> words() {
        return List.copyOf(TABLE.keySet());
    }

    /**
     * What becomes of the address with this word.
     *
     * @throws NullPointerException when the table has no such word
     */
    public static Verdict verdict(String word) {
        return Verdict.of(of(word));
    }

    /**
     * Answers from the table; blocks for {@code slow@} alone.
     *
     * @param checks how often the address was asked before
     * @param later given the whole when the request's patience ends first
     */
    static Verification verify(VerifyRequest request, int checks, Consumer<Verification> later, InstantSource clock) {
        var began = clock.instant();
        return switch (AddressParser.parse(request.text(), request.dialect())) {
            case Syntax.Malformed(var defect) ->
                verification(request, "", "", List.of(new Evidence.Malformed(defect)), began, clock);
            case Syntax.Wellformed(var address) -> {
                var word = word(address);
                var evidence = word.equals(GREYLISTED) && checks > 0 ? of(ACCEPTED) : of(word);
                yield word.equals(SLOW_WORD)
                        ? slowly(request, address, evidence, later, clock)
                        : wellformed(request, address, evidence, began, clock);
            }
        };
    }

    private static String word(EmailAddress address) {
        var word = address.localPart().toLowerCase(Locale.ROOT);
        return address.domain().ascii().equals(DOMAIN) && TABLE.containsKey(word) ? word : OFFLINE;
    }

    private static List<Evidence> of(String word) {
        return Objects.requireNonNull(TABLE.get(word), word);
    }

    private static Verification slowly(
            VerifyRequest request,
            EmailAddress address,
            List<Evidence> evidence,
            Consumer<Verification> later,
            InstantSource clock) {
        var began = clock.instant();
        try {
            if (request.patience().compareTo(SLOW) >= 0) {
                Thread.sleep(SLOW);
                return wellformed(request, address, evidence, began, clock);
            }
            Thread.sleep(request.patience());
            Thread.ofVirtual().name("test-slow").start(() -> goOn(request, address, evidence, later, clock, began));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        var soFar = new ArrayList<Evidence>(List.of(new Evidence.StillAsking()));
        soFar.addAll(evidence.subList(0, 1));
        return wellformed(request, address, soFar, began, clock);
    }

    private static void goOn(
            VerifyRequest request,
            EmailAddress address,
            List<Evidence> evidence,
            Consumer<Verification> later,
            InstantSource clock,
            Instant began) {
        try {
            Thread.sleep(SLOW.minus(request.patience()));
            later.accept(wellformed(request, address, evidence, began, clock));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Verification wellformed(
            VerifyRequest request, EmailAddress address, List<Evidence> evidence, Instant began, InstantSource clock) {
        return verification(request, address.normalized(), address.domain().ascii(), evidence, began, clock);
    }

    private static Verification verification(
            VerifyRequest request,
            String normalized,
            String domain,
            List<Evidence> evidence,
            Instant began,
            InstantSource clock) {
        var now = clock.instant();
        return new Verification(
                request.id(),
                request.text(),
                normalized,
                domain,
                evidence,
                Verdict.of(evidence),
                now,
                Duration.between(began, now));
    }

    private static Map<String, List<Evidence>> read() {
        try (var in = TestAddresses.class.getResourceAsStream("test-addresses.json")) {
            var table = new TreeMap<String, List<Evidence>>();
            JsonNode file = new ObjectMapper().readTree(Objects.requireNonNull(in));
            file.properties()
                    .forEach(each -> table.put(
                            each.getKey(), EvidenceJson.read(each.getValue().toString())));
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
