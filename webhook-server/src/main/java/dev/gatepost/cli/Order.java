package dev.gatepost.cli;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * A command for whoever holds the store: this process, or the server that runs on the same data folder.
 *
 * @param verb what to do
 * @param arguments by name; may hold secrets
 */
record Order(Verb verb, Map<String, String> arguments) {

    Order {
        requireNonNull(verb, "verb");
        arguments = Map.copyOf(arguments);
    }

    static Order of(Verb verb) {
        return new Order(verb, Map.of());
    }

    /** An argument's value, or empty text. */
    String argument(String name) {
        return arguments.getOrDefault(name, "");
    }

    /** Without the values, which may be secret. */
    @Override
    public String toString() {
        return "Order[" + verb + ", " + arguments.keySet() + "]";
    }

    /** What can be ordered. */
    enum Verb {
        CREDITS,
        KEY_CREATE,
        KEY_LIST,
        KEY_REVOKE,
        GRANT,
        REVERSE,
        ALARM,
        HOOK_LIST,
        HOOK_ADD,
        HOOK_REMOVE,
        HOOK_TEST,
        LEDGER_VERIFY,
        BACKUP,
        CONNECT,
        DISCONNECT,
        WORKFLOWS,
        WORKFLOW_SHOW,
        WORKFLOW_EXPORT,
        WORKFLOW_SAVE,
        WORKFLOW_USE,
        WORKFLOW_SIMULATE,
        REJUDGE,
        LINK,
        EXAMINE,
        ERASE,
        CONNECTIONS,
        OPTIONS,
        BACKFILL,
        BATCH_HAND,
        BATCH_SHOW,
        BATCH_RESULTS,
        KEY_ROTATE,
        KEY_FINISH
    }
}
