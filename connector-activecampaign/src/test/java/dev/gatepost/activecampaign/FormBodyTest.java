package dev.gatepost.activecampaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormBodyTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    private static FormBody form(String body) {
        return FormBody.read(ByteString.encodeUtf8(body), FORM);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a=1; a; 1; the plain case",
                "a=b+c%20d; a; b c d; a plus is a space, and so is %20",
                "contact%5Bid%5D=7; contact[id]; 7; brackets may be escaped",
                "contact[id]=7; contact[id]; 7; or not",
                "tags[]=x&tags[]=y; tags; x; brackets behind a name say that there are several",
                "a=&a=2; a; 2; a repeated name whose first value is empty",
                "a; a; ''; no value at all",
                "=x&a=1; a; 1; no name at all",
                "&&a=1&; a; 1; empty pairs",
                "a=100%&b=1; a; 100%; a broken escape stands for itself",
                "a=%zz1; a; %zz1; so does one that is none",
                "a=%4; a; %4; and one that is cut off",
                "a=x=y; a; x=y; only the first = counts",
                "a=%C3%A4; a; ä; UTF-8 unless said otherwise",
                "contact[fields][terms]=%7C%7CYes%7C%7C; contact[fields][terms]; ||Yes||; several values in bars",
            })
    void readsWhatSendersSend(String body, String name, String value, String why) {
        assertThat(form(body).first(name)).as(why).isEqualTo(value);
    }

    @Test
    void keepsAllValuesOfARepeatedName() {
        assertThat(form("a[]=1&a=2&a%5B%5D=3").values().get("a")).containsExactly("1", "2", "3");
    }

    @Test
    void readsTheCharsetTheSenderNames() {
        var latin = ByteString.of("a=\u00e4".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(FormBody.read(latin, FORM + "; boundary=x; charset=\"ISO-8859-1\"")
                        .first("a"))
                .isEqualTo("ä");
        assertThat(FormBody.read(ByteString.encodeUtf8("a=ä"), FORM + "; charset=nobody-knows")
                        .first("a"))
                .isEqualTo("ä");
    }

    @Test
    void readsJsonOfTheSameNamesNested() {
        var json = "{\"type\":\"update\",\"contact\":{\"id\":7,\"fields\":{\"3\":\"x\"},\"tags\":[\"a\",\"b\"]}}";
        var body = FormBody.read(ByteString.encodeUtf8(json), "application/json; charset=utf-8");
        assertThat(body.first("type")).isEqualTo("update");
        assertThat(body.first("contact[id]")).isEqualTo("7");
        assertThat(body.first("contact[fields][3]")).isEqualTo("x");
        assertThat(body.values().get("contact[tags]")).containsExactly("a", "b");
    }

    @Test
    void readsAMegabyteAndStopsAtABoundOfPairs() {
        var big = "a=" + "x".repeat(1024 * 1024) + "&b=1";
        assertThat(form(big).first("b")).isEqualTo("1");
        assertThat(form("n=1&".repeat(50_000)).values().get("n")).hasSizeLessThan(50_000);
    }
}
