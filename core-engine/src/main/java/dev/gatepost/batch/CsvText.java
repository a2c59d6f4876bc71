package dev.gatepost.batch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.jspecify.annotations.Nullable;

/** Finds out what a text file is written in: spreadsheets still write what their machine is set to. */
final class CsvText {
    /** How far is looked; a character may be cut in two there. */
    private static final int LOOK_BYTES = 64 * 1024;

    /** Longest character in UTF-8. */
    private static final int CHARACTER_BYTES_MAX = 4;

    private CsvText() {}

    /** The text without a byte order mark. */
    static Reader reader(InputStream in, String charset) throws IOException {
        var buffered = new BufferedInputStream(in, LOOK_BYTES);
        buffered.mark(LOOK_BYTES);
        var head = buffered.readNBytes(LOOK_BYTES);
        buffered.reset();
        var marked = marked(head);
        if (marked != null) {
            buffered.skipNBytes(marked.equals(StandardCharsets.UTF_8) ? 3 : 2);
            return new InputStreamReader(buffered, marked);
        }
        return new InputStreamReader(buffered, charset.isEmpty() ? guessed(head) : named(charset));
    }

    private static @Nullable Charset marked(byte[] head) {
        if (begins(head, 0xef, 0xbb, 0xbf)) {
            return StandardCharsets.UTF_8;
        }
        if (begins(head, 0xff, 0xfe)) {
            return StandardCharsets.UTF_16LE;
        }
        return begins(head, 0xfe, 0xff) ? StandardCharsets.UTF_16BE : null;
    }

    private static boolean begins(byte[] head, int... octets) {
        for (int i = 0; i < octets.length; i++) {
            if (head.length <= i || (head[i] & 0xff) != octets[i]) {
                return false;
            }
        }
        return true;
    }

    private static Charset guessed(byte[] head) {
        for (int cut = 0; cut < CHARACTER_BYTES_MAX && cut <= head.length; cut++) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(head, 0, head.length - cut));
                return StandardCharsets.UTF_8;
            } catch (CharacterCodingException _) {
                if (head.length < LOOK_BYTES) {
                    break; // nothing is cut off
                }
            }
        }
        return Charset.forName("windows-1252");
    }

    private static Charset named(String charset) {
        try {
            return Charset.forName(charset);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            throw UnusableList.malformed("The Content-Type names a charset that is not known here; send UTF-8.");
        }
    }
}
