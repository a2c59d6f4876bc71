package dev.gatepost.activecampaign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.activecampaign.ApiAnswer.Bad;
import dev.gatepost.activecampaign.ApiAnswer.Denied;
import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.activecampaign.ApiAnswer.Later;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.WriteBack.Attempt;
import java.time.Duration;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Every shape an answer can have. */
class ApiErrorTest {
    private static ApiAnswer answer(int status, String body, String... headers) {
        return ApiAnswers.of(status, Headers.of(headers), body.getBytes(UTF_8), Testbed.NOW);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/errors.csv", delimiter = '|', numLinesToSkip = 1)
    void readsEveryShape(int status, String body, String text, String code, String why) {
        var error = ApiError.of(CrmJson.read(body == null ? new byte[0] : body.getBytes(UTF_8)));
        assertThat(error.text()).as(why).isEqualTo(text);
        assertThat(error.codes().stream().findFirst().orElse("")).as(why).isEqualTo(code == null ? "" : code);
    }

    @ParameterizedTest
    @CsvSource({
        "401, Denied",
        "403, Denied",
        "404, Bad",
        "422, Bad",
        "400, Bad",
        "429, Later",
        "503, Later",
        "500, Later",
        "502, Later",
        "408, Later",
        "302, Later",
        "200, Good",
        "201, Good"
    })
    void knowsWhatEachStatusMeans(int status, String kind) {
        assertThat(answer(status, "{}").getClass().getSimpleName()).isEqualTo(kind);
    }

    @Test
    void waitsAsLongAsTheLimitSays() {
        assertThat(answer(429, "", "Retry-After", "17")).isInstanceOfSatisfying(Later.class, later -> {
            assertThat(later.after()).isEqualTo(Duration.ofSeconds(17));
            assertThat(later.counts()).isEqualTo(Attempt.FREE);
        });
        assertThat(answer(503, "<html>busy</html>"))
                .isInstanceOfSatisfying(
                        Later.class, later -> assertThat(later.after()).isEqualTo(ApiAnswers.LIMIT_WAIT));
        assertThat(answer(429, "", "Retry-After", "Mon, 02 Nov 2026 09:31:00 GMT"))
                .isInstanceOfSatisfying(
                        Later.class, later -> assertThat(later.after()).isEqualTo(Duration.ofSeconds(60)));
        assertThat(answer(429, "", "Retry-After", "soon"))
                .isInstanceOfSatisfying(
                        Later.class, later -> assertThat(later.after()).isEqualTo(ApiAnswers.LIMIT_WAIT));
        assertThat(answer(429, "", "Retry-After", "999999999"))
                .isInstanceOfSatisfying(
                        Later.class, later -> assertThat(later.after()).isEqualTo(ApiAnswers.WAIT_MAX));
    }

    @Test
    void takesAGoodAnswerInAnotherFormForSomebodyElses() {
        assertThat(answer(200, "<html>Sign in to the hotel's network</html>")).isInstanceOf(Later.class);
        assertThat(answer(200, "")).isInstanceOf(Good.class);
    }

    @Test
    void showsNobodysAddress() {
        assertThat(answer(422, "{\"message\":\"ada.lovelace@example.com is taken\"}"))
                .isInstanceOfSatisfying(Bad.class, bad -> assertThat(bad.why()).doesNotContain("lovelace"));
        assertThat(answer(403, "")).isInstanceOf(Denied.class);
    }
}
