package dev.gatepost.store;

import org.jspecify.annotations.Nullable;

/**
 * Nothing was stored, because more work waits than the store takes, or because it is closing. The same may be tried
 * again a little later; a sender is told so (503).
 */
public final class StoreBusy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreBusy(String sentence) {
        this(sentence, null);
    }

    StoreBusy(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
