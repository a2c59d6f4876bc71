package dev.gatepost.lists;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.address.Syntax.Wellformed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceListsTest {
    private final ReferenceLists lists = ReferenceLists.shipped();

    @ParameterizedTest(name = "{0} hits {1}, for {3}")
    @CsvFileSource(resources = "hits.csv", delimiter = ';')
    void hitsAsTheTableSays(String text, String expectedLists, String expectedEntries, String why) {
        var hits = lists.hits(address(text));
        assertThat(hits).extracting(hit -> hit.list().name()).as(why).isEqualTo(words(expectedLists));
        assertThat(hits).extracting(ListHit::entry).as(why).isEqualTo(words(expectedEntries));
    }

    @ParameterizedTest(name = "{0} becomes {1}, for {2}")
    @CsvFileSource(resources = "suggestions.csv", delimiter = ';')
    void suggestsAsTheTableSays(String typed, String expected, String why) {
        var suggestion = lists.suggestion(address("Joe+x@" + unescaped(typed)));
        assertThat(suggestion.map(EmailAddress::envelope).orElse("-"))
                .as(why)
                .isEqualTo(expected.equals("-") ? "-" : "Joe+x@" + expected);
    }

    @Test
    void suggestsNothingForAnyDomainListedAsFreeOrRelay() {
        for (var list : List.of(ShippedList.FREE, ShippedList.RELAY)) {
            assertThat(lists.snapshot(list).entries())
                    .allSatisfy(entry -> assertThat(lists.suggestion(address("joe@" + entry)))
                            .as(entry)
                            .isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(ShippedList.class)
    void everyShippedListSaysWhereItComesFromAndHoldsWhatItsHeaderCounts(ShippedList list) throws Exception {
        var snapshot = lists.snapshot(list);
        assertThat(snapshot.source()).isNotBlank();
        assertThat(snapshot.licence()).isNotBlank();
        assertThat(snapshot.entries()).doesNotHaveDuplicates();
        assertThat(snapshot.agreeing()).isPositive();
        assertThat(snapshot.entries())
                .allSatisfy(entry -> assertThat(list.entry(entry)).contains(entry));
        var resource = list.file();
        try (var text = ReferenceLists.class.getResourceAsStream(resource)) {
            assertThat(new String(text.readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("# entries: " + snapshot.entries().size() + "\n");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ShippedList.class,
            names = {"DISPOSABLE", "FREE", "RELAY"})
    void everyListedDomainIsAnADomainAsTheParserWritesItAndNoTopLevel(ShippedList list) {
        for (var entry : lists.snapshot(list).entries()) {
            assertThat(address("joe@" + entry).domain().ascii()).isEqualTo(entry);
        }
    }

    @ParameterizedTest
    @CsvSource({"mail.mailinator.com, true", "smtp.yopmail.com, true", "aspmx.l.google.com, false", "yopmail.com, false"
    })
    void knowsMailHostsOfDisposableDomains(String host, boolean expected) {
        assertThat(lists.servesDisposableDomains(host)).isEqualTo(expected);
    }

    @Test
    void theListOfDisposableMailHostsSaysWhereItComesFromAndNamesNoneTwice() throws Exception {
        var snapshot = Snapshot.shipped("disposable-mx.txt");
        assertThat(snapshot.source()).isNotBlank();
        assertThat(snapshot.licence()).isNotBlank();
        assertThat(snapshot.entries()).doesNotHaveDuplicates().isSorted();
        try (var text = ReferenceLists.class.getResourceAsStream("disposable-mx.txt")) {
            assertThat(new String(text.readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("# entries: " + snapshot.entries().size() + "\n");
        }
    }

    @Test
    void accusesNoMailHostOfAFreeOrRelayProvider() {
        var innocent = new HashSet<String>();
        for (var list : List.of(ShippedList.FREE, ShippedList.RELAY)) {
            innocent.addAll(lists.snapshot(list).entries());
        }
        for (var host : Snapshot.shipped("disposable-mx.txt").entries()) {
            for (var name = host; name.contains("."); name = name.substring(name.indexOf('.') + 1)) {
                assertThat(innocent).doesNotContain(name);
            }
        }
    }

    @Test
    void noDomainIsInTwoLists() {
        var all = List.of(ShippedList.DISPOSABLE, ShippedList.FREE, ShippedList.RELAY).stream()
                .flatMap(list -> lists.snapshot(list).entries().stream())
                .toList();
        assertThat(all).doesNotHaveDuplicates();
    }

    @Test
    void anEntryThatIsAPublicSuffixSpeaksForItselfOnly() {
        var suffixes = lists.snapshot(ShippedList.DISPOSABLE).entries().stream()
                .filter(PublicSuffix::isOne)
                .toList();
        for (var suffix : suffixes) {
            assertThat(lists.hits(address("joe@" + suffix))).isNotEmpty();
            assertThat(lists.hits(address("joe@somebody-else." + suffix)))
                    .as(suffix)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"co.uk, true", "github.io, true", "example.com, false", "yopmail.com, false", "com, true"})
    void knowsPublicSuffixes(String name, boolean expected) {
        assertThat(PublicSuffix.isOne(name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gm\u0430il.com", "\u0440aypal.com", "gmai1.com", "grnail.com", "gma\u0131l.com"})
    void tellsAHomograph(String domain) {
        assertThat(lists.isHomograph(address("joe@" + domain).domain())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gmail.com",
                "example.com",
                "m\u00fcnchen.de",
                "\u0440\u043e\u0441\u0441\u0438\u044f.\u0440\u0444",
                "\u4f8b\u5b50.com",
                "\u65e5\u672c\u8a9e\u30c6\u30b9\u30c8.jp",
                "0x10.com",
                "modern.com",
                "163.com"
            })
    void aNameInOneScriptIsNoHomographByItself(String domain) {
        assertThat(lists.isHomograph(address("joe@" + domain).domain())).isFalse();
    }

    @Test
    void anAddressLiteralIsInNoList() {
        var literal = new EmailAddress("joe", new Domain("[192.0.2.1]"));
        assertThat(lists.hits(literal)).isEmpty();
        assertThat(lists.suggestion(literal)).isEmpty();
        assertThat(lists.isHomograph(literal.domain())).isFalse();
    }

    @Test
    void aDomainWithoutADotIsInNoList() {
        var dotless = new EmailAddress("joe", new Domain("localhost"));
        assertThat(lists.hits(dotless)).isEmpty();
        assertThat(lists.suggestion(dotless)).isEmpty();
    }

    private static EmailAddress address(String text) {
        if (AddressParser.parse(text, AddressDialect.SMTP) instanceof Wellformed(var address)) {
            return address;
        }
        throw new AssertionError("malformed: " + text);
    }

    private static List<String> words(String text) {
        return text.equals("-") ? List.of() : Arrays.asList(text.split(" ", -1));
    }

    private static String unescaped(String text) {
        return Arrays.stream(text.splitWithDelimiters("\\\\u[0-9A-F]{4}", 0))
                .map(part ->
                        part.startsWith("\\u") ? Character.toString(Integer.parseInt(part.substring(2), 16)) : part)
                .collect(Collectors.joining());
    }
}
