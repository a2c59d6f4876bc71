package dev.gatepost.http;

/** The address cannot be listened on: somebody else does, or it is not ours. */
public final class CannotListen extends RuntimeException {

    private static final long serialVersionUID = 1;

    CannotListen(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
