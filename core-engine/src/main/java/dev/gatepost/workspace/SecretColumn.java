package dev.gatepost.workspace;

/**
 * Every column that holds encrypted values: what is encrypted names one of these, and so a change of the key reaches it.
 */
public enum SecretColumn {
    CONNECTION_SECRETS("connection", "secrets", Life.LASTING),
    PERSON_TOTP("person", "totp", Life.LASTING),
    PERSON_TOTP_NEW("person", "totp_new", Life.LASTING),
    HOOK_SECRET("hook_subscription", "secret", Life.LASTING),
    HOOK_PREVIOUS_SECRET("hook_subscription", "previous_secret", Life.LASTING),
    IDEMPOTENCY_BODY("idempotency", "body", Life.DAYS);

    /** How long a value stands. */
    enum Life {
        LASTING,
        /** Gone by itself within days; its key is kept until then, and it is not encrypted anew. */
        DAYS
    }

    private final String table;
    private final String column;
    private final Life life;

    SecretColumn(String table, String column, Life life) {
        this.table = table;
        this.life = life;
        this.column = column;
    }

    String table() {
        return table;
    }

    String column() {
        return column;
    }

    /** Whether a change of the key encrypts it anew; then its row has an {@code id}. */
    boolean isLasting() {
        return life == Life.LASTING;
    }

    /** The place in one row. */
    public Secrets.Place of(String row) {
        return new Secrets.Place(table, row, column);
    }
}
