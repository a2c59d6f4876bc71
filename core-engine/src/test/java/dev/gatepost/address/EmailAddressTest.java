package dev.gatepost.address;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.address.Syntax.Wellformed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {
    @ParameterizedTest(name = "{0} and {1}")
    @CsvSource({
        "Joe@example.com, joe@EXAMPLE.com",
        "joe@M\u00dcNCHEN.de, JOE@xn--mnchen-3ya.de",
        "J\u00d6E@example.com, jo\u0308e@example.com"
    })
    void twoSpellingsOfOneContactHaveOneKey(String one, String other) {
        assertThat(utf8(one).normalized()).isEqualTo(utf8(other).normalized());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "\"joe\"@example.com ; joe@example.com",
                "\"j\\oe\"@example.com ; joe@example.com",
                "\"joe smith\"@example.com ; \"joe smith\"@example.com",
                "\"joe\\ smith\"@example.com ; \"joe smith\"@example.com",
                "\"a\\\"b\\\\c\"@example.com ; \"a\\\"b\\\\c\"@example.com",
                "\"a..b\"@example.com ; \"a..b\"@example.com",
                "\"\"@example.com ; \"\"@example.com"
            },
            delimiter = ';')
    void needlessQuotesAreNoPartOfTheKey(String text, String expected) {
        var address = read(text, AddressDialect.RFC5321);
        assertThat(address.normalized()).isEqualTo(expected);
        assertThat(address.envelope()).isEqualTo(text);
    }

    @Test
    void theEnvelopeKeepsTheCaseOfTheLocalPart() {
        assertThat(utf8("Joe@Example.com").envelope()).isEqualTo("Joe@example.com");
    }

    @Test
    void onlyANonAsciiLocalPartNeedsSmtputf8() {
        assertThat(utf8("joe@m\u00fcnchen.de").needsSmtputf8()).isFalse();
        assertThat(utf8("j\u00f6e@example.com").needsSmtputf8()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"joe+a@x.com, a, joe", "joe+a+b@x.com, a+b, joe", "joe+@x.com, '', joe"})
    void knowsItsTag(String text, String tag, String rest) {
        assertThat(utf8(text).isSubaddressed()).isTrue();
        assertThat(utf8(text).tag()).contains(tag);
        assertThat(utf8(text).localPartWithoutTag()).isEqualTo(rest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"joe@x.com", "+joe@x.com", "joe-a@x.com"})
    void aPlusInFrontOrAnotherSeparatorIsNoTag(String text) {
        assertThat(utf8(text).isSubaddressed()).isFalse();
        assertThat(utf8(text).tag()).isEmpty();
    }

    @Test
    void aPlusInQuotesIsNoTag() {
        assertThat(read("\"a+b\"@x.com", AddressDialect.RFC5321).isSubaddressed())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail.test",
                "x.invalid",
                "printer.local",
                "abc.onion",
                "router.home.arpa",
                "corp.internal",
                "x.alt",
                "www.example",
                "a.localhost"
            })
    void knowsSpecialUseDomains(String domain) {
        assertThat(utf8("joe@" + domain).domain().isSpecialUse()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "test.com", "mytest.de", "accepts.sandbox-mail.com", "local.de"})
    void takesOnlyTheLastLabelForSpecialUse(String domain) {
        assertThat(utf8("joe@" + domain).domain().isSpecialUse()).isFalse();
    }

    @Test
    void showsADomainAsPeopleReadIt() {
        assertThat(utf8("joe@xn--mnchen-3ya.de").domain().unicode()).isEqualTo("m\u00fcnchen.de");
        assertThat(utf8("joe@example.com").domain().unicode()).isEqualTo("example.com");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "J.o.e+x@GoogleMail.com, joe@gmail.com",
        "j.o.e@gmail.com, joe@gmail.com",
        "j.o.e+x@workspace-customer.com, j.o.e@workspace-customer.com",
        "j.o.e+x@outlook.com, j.o.e@outlook.com",
        "joe+x@yahoo.com, joe+x@yahoo.com",
        "joe-x@yahoo.fr, joe-x@yahoo.fr",
        "joe+x@ymail.com, joe+x@ymail.com",
        "j.o-e_x+y@proton.me, joex@proton.me",
        "joe+x@icloud.com, joe@icloud.com",
        "j-o.e+x@ya.ru, j.o.e@yandex.ru",
        "shop@joe.fastmail.com, joe@fastmail.com",
        "joe+shop@fastmail.com, joe@fastmail.com",
        "Joe+x@mail.ru, joe@mail.ru"
    })
    void theCanonicalMailboxFollowsTheProvidersRules(String text, String expected) {
        assertThat(CanonicalMailbox.of(utf8(text))).isEqualTo(expected);
    }

    private static EmailAddress utf8(String text) {
        return read(text, AddressDialect.SMTPUTF8);
    }

    private static EmailAddress read(String text, AddressDialect dialect) {
        if (AddressParser.parse(text, dialect) instanceof Wellformed(var address)) {
            return address;
        }
        throw new AssertionError("malformed: " + text);
    }
}
