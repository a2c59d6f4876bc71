package dev.gatepost.lists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.address.Syntax.Malformed;
import dev.gatepost.address.Syntax.Wellformed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListFolderTest {
    @TempDir
    private Path data;

    @Test
    void anEmptyFolderLeavesTheShippedLists() {
        assertThat(folder().read()).isSameAs(ReferenceLists.shipped());
        assertThat(folder().mistakes()).isEmpty();
    }

    @ParameterizedTest(name = "allow \"{0}\", block \"{1}\": {2} is in {3}, for {4}")
    @CsvSource(delimiter = ';', textBlock = """
            ''             ; ''           ; joe@mailinator.com   ; DISPOSABLE ; the shipped list
            mailinator.com ; ''           ; joe@mailinator.com   ; ALLOW      ; the operator knows better
            mailinator.com ; ''           ; joe@x.mailinator.com ; ALLOW      ; and below it
            joe@mailinator.com ; ''       ; joe@mailinator.com   ; ALLOW      ; one address
            joe@mailinator.com ; ''       ; ann@mailinator.com   ; DISPOSABLE ; and no other
            JOE@Mailinator.com ; ''       ; joe@mailinator.com   ; ALLOW      ; in any case
            inator.com     ; ''           ; joe@mailinator.com   ; DISPOSABLE ; only at dots
            ''             ; gmail.com    ; joe@gmail.com        ; BLOCK      ; before free
            ''             ; duck.com     ; joe@duck.com         ; BLOCK      ; before relay
            ''             ; co.uk        ; joe@firm.co.uk       ; BLOCK      ; the operator may block a suffix
            gmail.com      ; gmail.com    ; joe@gmail.com        ; ALLOW      ; allow before block
            firm.com       ; firm.com     ; sales@firm.com       ; ALLOW      ; nothing is said against the allowed
            ''             ; firm.com     ; sales@firm.com       ; ROLE BLOCK ; a role is a role
            ''             ; bücher.de    ; joe@xn--bcher-kva.de ; BLOCK      ; both spellings of one domain
            """)
    void believesTheOperatorFirst(String allow, String block, String address, String expected, String why)
            throws IOException {
        write("allow.txt", allow);
        write("block.txt", block);

        assertThat(folder().read().hits(address(address)))
                .extracting(hit -> hit.list().name())
                .as(why)
                .containsExactly(expected.split(" "));
    }

    @Test
    void aHitNamesTheEntryAndTheDayOfTheFile() throws IOException {
        write("block.txt", "# ours\n\nfirm.com # asked by Ann\n");
        Files.setLastModifiedTime(
                data.resolve("lists/block.txt"), FileTime.from(Instant.parse("2026-03-04T05:06:07Z")));

        assertThat(folder().read().hits(address("joe@mail.firm.com")))
                .containsExactly(new ListHit(ListName.BLOCK, "firm.com", LocalDate.of(2026, 3, 4)));
    }

    @Test
    void namesEachWrongLine() throws IOException {
        write("allow.txt", "ok.com\nnot a domain\n*.firm.com\njoe@@firm.com\n");
        write("optout.txt", "joe@firm.com\n");

        assertThat(folder().mistakes())
                .containsExactly(
                        data.resolve("lists/allow.txt") + ": line 2: \"not a domain\" is no domain or address; line 3:"
                                + " \"*.firm.com\" is no domain or address; leave the *. away, everything below a domain"
                                + " counts; line 4: \"joe@@firm.com\" is no address: "
                                + mistakeOf("joe@@firm.com"),
                        data.resolve("lists/optout.txt")
                                + ": line 1: \"joe@firm.com\" is an address; the opt-out list takes domains and mail hosts");
        assertThatIllegalArgumentException().isThrownBy(() -> folder().read());
    }

    @Test
    void addsAndRemovesWithoutTouchingTheRest() throws IOException {
        write("block.txt", "# ours\nFirm.com # asked by Ann\n");

        assertThat(folder().add(ListName.BLOCK, "firm.com")).isFalse();
        assertThat(folder().add(ListName.BLOCK, "other.com")).isTrue();
        assertThat(Files.readString(data.resolve("lists/block.txt")))
                .isEqualTo("# ours\nFirm.com # asked by Ann\nother.com\n");
        assertThat(folder().own(ListName.BLOCK).entries()).containsExactly("firm.com", "other.com");

        assertThat(folder().remove(ListName.BLOCK, "firm.com")).isTrue();
        assertThat(folder().remove(ListName.BLOCK, "firm.com")).isFalse();
        assertThat(Files.readString(data.resolve("lists/block.txt"))).isEqualTo("# ours\nother.com\n");
    }

    @Test
    void followsChangesAndKeepsTheOldEditionWhenTheyAreWrong() throws IOException {
        var inUse = new ListsInUse(folder());
        assertThat(inUse.get().hits(address("joe@firm.com"))).isEmpty();

        folder().add(ListName.BLOCK, "firm.com");
        inUse.follow();
        var edition = inUse.get();
        assertThat(edition.hits(address("joe@firm.com"))).hasSize(1);

        inUse.follow();
        assertThat(inUse.get()).as("nothing changed").isSameAs(edition);

        write("block.txt", "not a domain");
        inUse.follow();
        assertThat(inUse.get()).isSameAs(edition);
    }

    @Test
    void anUnreadableNewerEditionLeavesTheShippedOne() throws IOException {
        Files.createDirectories(data.resolve("lists/refreshed"));
        Files.writeString(data.resolve("lists/refreshed/disposable.txt"), "half a file");

        assertThat(folder().current(ShippedList.DISPOSABLE)).isEqualTo(ShippedList.DISPOSABLE.shipped());
    }

    @Test
    void noFileIsLeftBesideTheLists() throws IOException {
        folder().add(ListName.BLOCK, "firm.com");

        try (var files = Files.list(data.resolve("lists"))) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted().toList())
                    .isEqualTo(List.of(".lock", "block.txt"));
        }
    }

    private static String mistakeOf(String text) {
        return switch (AddressParser.parse(text, AddressDialect.SMTPUTF8)) {
            case Malformed(var defect) -> defect.sentence();
            case Wellformed _ -> throw new AssertionError(text);
        };
    }

    private ListFolder folder() {
        return new ListFolder(data);
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(data.resolve("lists"));
        Files.writeString(data.resolve("lists").resolve(file), text);
    }

    private static EmailAddress address(String text) {
        if (AddressParser.parse(text, AddressDialect.SMTP) instanceof Wellformed(var address)) {
            return address;
        }
        throw new AssertionError("malformed: " + text);
    }
}
