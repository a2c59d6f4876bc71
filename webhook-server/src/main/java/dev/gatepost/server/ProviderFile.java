package dev.gatepost.server;

import dev.gatepost.smtp.ProviderTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The operator's {@code providers.csv} in the data folder, whose rows come before the shipped ones. */
final class ProviderFile {

    /** Some ten thousand rows; a larger file is a mistake. */
    private static final long BYTES_MAX = 1 << 20;

    private static final String NAME = "providers.csv";

    private ProviderFile() {}

    /**
     * The table with the operator's rows, or the shipped one where there is no file.
     *
     * @throws IllegalArgumentException when the file cannot be used; the message names it, line and column
     */
    static ProviderTable read(Path data) {
        var file = data.resolve(NAME);
        try {
            if (!Files.exists(file)) {
                return ProviderTable.shipped();
            }
            if (Files.size(file) > BYTES_MAX) {
                throw new IllegalArgumentException("it is larger than " + BYTES_MAX + " bytes");
            }
            return ProviderTable.withOwn(NAME, Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}
