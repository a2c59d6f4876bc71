package dev.gatepost.cli;

/** How a command ends. */
enum Exit {
    DONE(0),
    /** The answer is no. */
    NO(1),
    /** Wrong usage or configuration. */
    WRONG_USE(2),
    /** The world failed: network, disk, database, CRM. */
    WORLD_FAILED(3);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    /** The process's exit code. */
    int code() {
        return code;
    }
}
