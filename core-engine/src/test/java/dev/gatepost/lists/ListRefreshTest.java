package dev.gatepost.lists;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.address.Syntax.Wellformed;
import dev.gatepost.lists.ListFetch.Fetched;
import dev.gatepost.lists.RefreshOutcome.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListRefreshTest {
    private static final Instant NOW = Instant.parse("2026-12-24T18:00:00Z");

    @TempDir
    private Path data;

    private Fetched answer = new Fetched.Failed("nobody answered");

    @Test
    void takesANewEditionWithoutARestart() {
        var inUse = new ListsInUse(folder());
        answer =
                new Fetched.Text(domains(9_000) + "NEW-ONE.com \r\n# a comment\nxn--bcher-kva.de # another\nbücher.de");

        var outcome = refresh(ShippedList.DISPOSABLE, new ListSource.OfUrl("https://lists.example.net/all.txt?key=1"));
        inUse.follow();

        assertThat(outcome.result()).isEqualTo(Result.TAKEN);
        assertThat(outcome.detail())
                .isEqualTo("9002 entries from https://lists.example.net/all.txt, 9002 new, 8881 gone");
        var taken = inUse.get().snapshot(ShippedList.DISPOSABLE);
        assertThat(taken.asOf()).isEqualTo(LocalDate.of(2026, 12, 24));
        assertThat(taken.source()).isEqualTo("https://lists.example.net/all.txt");
        assertThat(taken.licence()).isEqualTo("not stated by the source");
        assertThat(inUse.get().hits(address("joe@new-one.com")))
                .containsExactly(new ListHit(ListName.DISPOSABLE, "new-one.com", LocalDate.of(2026, 12, 24)));
        assertThat(inUse.get().hits(address("joe@mailinator.com"))).isEmpty();
        assertThat(new ListsInUse(folder()).get().snapshot(ShippedList.DISPOSABLE))
                .as("survives a restart")
                .isEqualTo(taken);
        assertThat(folder().outcomes()).containsEntry(ShippedList.DISPOSABLE, outcome);
    }

    @Test
    void takesAFileThatStatesItsOwnDayLicenceAndAgreement() throws IOException {
        var file = data.resolve("relay.txt");
        Files.writeString(file, """
                # licence: CC0-1.0
                # sources that agree: 3
                # as of: 2026-12-01
                """ + domains(30));

        assertThat(refresh(ShippedList.RELAY, new ListSource.OfFile(file)).result())
                .isEqualTo(Result.TAKEN);

        var taken = folder().current(ShippedList.RELAY);
        assertThat(taken.licence()).isEqualTo("CC0-1.0");
        assertThat(taken.agreeing()).isEqualTo(3);
        assertThat(taken.asOf()).isEqualTo(LocalDate.of(2026, 12, 1));
    }

    @Test
    void aDayThatHasNotComeIsNotBelieved() {
        answer = new Fetched.Text("# as of: 2031-01-01\n" + domains(30));
        refresh(ShippedList.RELAY, url());

        assertThat(folder().current(ShippedList.RELAY).asOf()).isEqualTo(LocalDate.of(2026, 12, 24));
    }

    @Test
    void refusesAnEmptyEdition() {
        answer = new Fetched.Text("# nothing today\n");
        assertRefused("it holds no entry");
    }

    @Test
    void refusesAnEditionThatShrankByMoreThanHalf() {
        answer = new Fetched.Text(domains(4_440));
        assertRefused("it holds 4440 entries, less than half of the 8881 in use");
    }

    @Test
    void refusesAPageThatIsNoList() {
        answer = new Fetched.Text("<!doctype html>\n<p>Not found</p>\n");
        assertRefused("it holds no entry; line 1 is none");
    }

    @Test
    void refusesAnEditionWithManyUnreadableLines() {
        answer = new Fetched.Text(domains(9_000) + "not a domain\n".repeat(100));
        assertRefused("100 of 9100 lines are no entry, first line 9001");
    }

    @Test
    void takesAnEditionWithFewUnreadableLines() {
        answer = new Fetched.Text(domains(9_000) + "not a domain\n".repeat(90));
        assertThat(refresh(ShippedList.DISPOSABLE, url()).result()).isEqualTo(Result.TAKEN);
    }

    @Test
    void keepsTheOldEditionWhenTheSourceFails() {
        answer = new Fetched.Failed("it answered 503");

        var outcome = refresh(ShippedList.DISPOSABLE, url());

        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.detail()).isEqualTo("https://lists.example.net/all.txt: it answered 503");
        assertThat(folder().current(ShippedList.DISPOSABLE)).isEqualTo(ShippedList.DISPOSABLE.shipped());
        assertThat(refresh(ShippedList.FREE, new ListSource.OfFile(data.resolve("none.txt")))
                        .detail())
                .endsWith("there is no such file");
    }

    @Test
    void freeIsWhatIsNotDisposableButForPopularProviders() {
        var shipped = ShippedList.FREE.shipped().entries();
        var disposable = ShippedList.DISPOSABLE.shipped().entries();
        answer = new Fetched.Text(String.join("\n", shipped) + "\n" + String.join("\n", disposable));
        refresh(ShippedList.FREE, url());
        answer = new Fetched.Text(String.join("\n", disposable) + "\ngmail.com\n");
        refresh(ShippedList.DISPOSABLE, url());

        var lists = folder().read();

        assertThat(lists.hits(address("joe@mailinator.com")))
                .extracting(ListHit::list)
                .containsExactly(ListName.DISPOSABLE);
        assertThat(lists.hits(address("joe@gmail.com")))
                .extracting(ListHit::list)
                .containsExactly(ListName.FREE);
    }

    @Test
    void readersSeeOneConsistentEditionWhileItIsReplaced() {
        var inUse = new ListsInUse(folder());
        var before = inUse.get();
        answer = new Fetched.Text(domains(9_000));
        refresh(ShippedList.DISPOSABLE, url());
        inUse.follow();

        assertThat(before.hits(address("joe@mailinator.com"))).hasSize(1);
        assertThat(inUse.get()).isNotSameAs(before);
    }

    private void assertRefused(String why) {
        var outcome = refresh(ShippedList.DISPOSABLE, url());
        assertThat(outcome.result()).isEqualTo(Result.REFUSED);
        assertThat(outcome.detail()).isEqualTo("https://lists.example.net/all.txt: " + why);
        assertThat(folder().current(ShippedList.DISPOSABLE)).isEqualTo(ShippedList.DISPOSABLE.shipped());
    }

    private RefreshOutcome refresh(ShippedList list, ListSource source) {
        return new ListRefresh(folder(), (_, _) -> answer, InstantSource.fixed(NOW)).refresh(list, source);
    }

    private ListFolder folder() {
        return new ListFolder(data);
    }

    private static ListSource url() {
        return new ListSource.OfUrl("https://lists.example.net/all.txt");
    }

    private static String domains(int count) {
        return IntStream.range(0, count).mapToObj(i -> "throw-" + i + ".com\n").collect(Collectors.joining());
    }

    private static EmailAddress address(String text) {
        if (AddressParser.parse(text, AddressDialect.SMTP) instanceof Wellformed(var address)) {
            return address;
        }
        throw new AssertionError("malformed: " + text);
    }
}
