package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** The store cannot be used until an operator does something. The message says what, in one sentence for people. */
public final class StoreUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code stable word for programs, for example {@code folder_in_use}
     * @param sentence what is wrong and what to do about it; no secrets
     */
    public StoreUnusable(String code, String sentence) {
        this(code, sentence, null);
    }

    /** As the other, with what was thrown underneath. */
    public StoreUnusable(String code, String sentence, @Nullable Throwable cause) {
        super(requireNonNull(sentence, "sentence"), cause);
        this.code = requireNonNull(code, "code");
    }

    /** Stable word for programs. */
    public String code() {
        return code;
    }
}
