import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

final class Verify {
    /** True when the message is from Gatepost; now is in seconds since 1970. */
    static boolean isGenuine(String secret, String id, String timestamp, String signatures, byte[] body, long now)
            throws Exception {
        if (!timestamp.matches("\\d{1,12}") || Math.abs(now - Long.parseLong(timestamp)) > 300) {
            return false;
        }
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
        mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
        var expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        for (var signature : signatures.split(" ")) {
            if (MessageDigest.isEqual(
                    expected.getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8))) {
                return true;
            }
        }
        return false;
    }

    /** Secret, id, timestamp, signatures, now; the body on standard input. Exit code 0 when it is genuine. */
    public static void main(String[] a) throws Exception {
        System.exit(isGenuine(a[0], a[1], a[2], a[3], System.in.readAllBytes(), Long.parseLong(a[4])) ? 0 : 1);
    }
}
