package dev.gatepost.workspace;

/**
 * Every column that holds encrypted values: what is encrypted names one of these, and so a change of the key reaches it.
 * The row's id is in the column {@code id}.
 */
public enum SecretColumn {
    CONNECTION_SECRETS("connection", "secrets"),
    PERSON_TOTP("person", "totp"),
    PERSON_TOTP_NEW("person", "totp_new"),
    HOOK_SECRET("hook_subscription", "secret"),
    HOOK_PREVIOUS_SECRET("hook_subscription", "previous_secret");

    private final String table;
    private final String column;

    SecretColumn(String table, String column) {
        this.table = table;
        this.column = column;
    }

    String table() {
        return table;
    }

    String column() {
        return column;
    }

    /** The place in one row. */
    public Secrets.Place of(String row) {
        return new Secrets.Place(table, row, column);
    }
}
