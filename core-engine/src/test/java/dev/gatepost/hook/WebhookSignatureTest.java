package dev.gatepost.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {
    /** Secret, message and signature that the reference libraries of Standard Webhooks test themselves with. */
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final Instant AT = Instant.ofEpochSecond(1_614_265_330);
    private static final String BODY = "{\"test\": 2432232314}";

    @Test
    @DisplayName("G5: signs as the reference does")
    void signsAsTheReferenceDoes() {
        assertThat(WebhookSignature.header(List.of(SECRET), ID, AT, BODY))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    @DisplayName("G5: during a rotation both secrets sign")
    void signsWithBothSecretsDuringARotation() {
        var other = WebhookSignature.newSecret(new SecureRandom());

        assertThat(WebhookSignature.header(List.of(other, SECRET), ID, AT, BODY))
                .matches("v1,\\S+ v1,g0hM9SsE\\S+");
    }

    @Test
    @DisplayName("G5: a secret is whsec_ and 32 random bytes")
    void makesSecretsOf32Bytes() {
        var secret = WebhookSignature.newSecret(new SecureRandom());

        assertThat(secret).startsWith("whsec_");
        assertThat(Base64.getDecoder().decode(secret.substring("whsec_".length())))
                .hasSize(32);
        assertThat(secret).isNotEqualTo(WebhookSignature.newSecret(new SecureRandom()));
    }
}
