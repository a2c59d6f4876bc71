package dev.gatepost.address;

import static org.assertj.core.api.Assertions.assertThat;

import com.sanctionco.jmail.EmailValidator;
import com.sanctionco.jmail.JMail;
import dev.gatepost.address.Syntax.Wellformed;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Asks JMail and the rule of the HTML standard about random text, and looks at every disagreement. */
class SecondOpinionTest {
    private static final int ROUNDS = 200_000;
    private static final String[] PIECES = {
        "a",
        "Z",
        "9",
        "joe",
        ".",
        ".",
        "..",
        "@",
        "@",
        "-",
        "_",
        "+",
        "!",
        "#",
        "$",
        "%",
        "&",
        "'",
        "*",
        "/",
        "=",
        "?",
        "^",
        "`",
        "{",
        "|",
        "}",
        "~",
        ",",
        ";",
        ":",
        "<",
        ">",
        "[",
        "]",
        "(",
        " ",
        "com",
        "example.com",
        "@example.com",
        "@a-b.org",
        "{a*63}",
        "{a*64}",
        "{b*30}",
        "{a*60}."
    };

    /** WHATWG HTML, section "Email state (type=email)", the regular expression given there. */
    private static final Pattern HTML5 = Pattern.compile("[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@"
            + "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*");

    private final EmailValidator jmail = JMail.strictValidator()
            .disallowQuotedIdentifiers()
            .disallowObsoleteWhitespace()
            .disallowExplicitSourceRouting()
            .requireTopLevelDomain();

    @Test
    void agreesWithJmailOnPlainAddresses() {
        var disagreements = new TreeMap<String, String>();
        var wellformed = 0;
        var random = new Random(20261123);
        for (var round = 0; round < ROUNDS; round++) {
            var text = text(random);
            var ours = AddressParser.parse(text, AddressDialect.SMTP);
            wellformed += ours instanceof Wellformed ? 1 : 0;
            // JMail takes a path for an address; for us angle brackets are something to mend.
            if (!text.startsWith("<") && ours instanceof Wellformed != jmail.isValid(text)) {
                disagreements.put(text, ours.toString());
            }
        }
        assertThat(disagreements).isEmpty();
        assertThat(wellformed).as("well-formed among them").isGreaterThan(ROUNDS / 100);
    }

    @Test
    void agreesWithTheHtmlStandard() {
        var random = new Random(20261124);
        for (var round = 0; round < ROUNDS; round++) {
            var text = text(random);
            var ours = AddressParser.parse(text, AddressDialect.HTML5) instanceof Wellformed;
            var theirs = HTML5.matcher(text).matches();
            // The rule has no bound; ours are what is looked at, and what a name can be.
            if (text.length() <= AddressParser.INPUT_CHARS_MAX
                    && text.length() - text.indexOf('@') <= 1 + DomainReader.NAME_OCTETS_MAX) {
                assertThat(ours).as(text).isEqualTo(theirs);
            }
        }
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        IntStream.range(0, 1 + random.nextInt(8)).forEach(_ -> text.append(PIECES[random.nextInt(PIECES.length)]));
        return EscapedText.decode(text.toString());
    }
}
