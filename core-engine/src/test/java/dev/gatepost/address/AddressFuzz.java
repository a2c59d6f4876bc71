package dev.gatepost.address;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Fuzz target: any text in any dialect. The first octet chooses dialect and encoding. */
public final class AddressFuzz {
    private AddressFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        var dialects = AddressDialect.values();
        var rest = Arrays.copyOfRange(data, 1, data.length);
        // UTF-16 makes lone surrogates, which UTF-8 cannot.
        var text = new String(rest, (data[0] & 0x80) == 0 ? StandardCharsets.UTF_8 : StandardCharsets.UTF_16BE);
        HostileTextTest.check(text, dialects[(data[0] & 0x7f) % dialects.length]);
        AddressFix.propose(text).ifPresent(HostileTextTest::assertSafe);
    }
}
