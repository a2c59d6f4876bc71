package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

/**
 * One SMTP reply as received.
 *
 * @param code three digits, 200-599; 0 where what came was no reply
 * @param enhancedCode {@code class.subject.detail} (RFC 3463), empty when absent
 * @param text lines joined by a space, without codes, at most 512 characters, non-printables replaced
 */
public record Reply(int code, String enhancedCode, String text) {
    public Reply {
        requireNonNull(enhancedCode, "enhancedCode");
        requireNonNull(text, "text");
    }
}
