package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Selection;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Work through contacts that exist already, as it stands.
 *
 * @param expected contacts the CRM counted at the start; -1 when it could not tell
 * @param listed contacts seen so far
 * @param queued contacts that got an event
 * @param known contacts that needed none
 * @param withoutEmail contacts without an address
 * @param open events of it that have not ended
 * @param waitingCredits those of them that wait for credits
 * @param dead events of it that were given up
 * @param endedAt null while it is not at an end
 */
public record Backfill(
        String id,
        String workspaceId,
        String connectionId,
        Scope scope,
        State state,
        String reason,
        long expected,
        long listed,
        long queued,
        long known,
        long withoutEmail,
        long open,
        long waitingCredits,
        long dead,
        Instant createdAt,
        String createdBy,
        @Nullable Instant endedAt) {
    public Backfill {
        requireNonNull(id, "id");
        requireNonNull(scope, "scope");
        requireNonNull(state, "state");
    }

    /** Where it stands. */
    public enum State {
        RUNNING,
        PAUSED,
        DONE,
        CANCELLED,
        FAILED;

        /** The word in tables and answers. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /** Which contacts. */
    public sealed interface Scope {
        /** All. */
        record All() implements Scope {}

        /** Those never verified. */
        record Unchecked() implements Scope {}

        /** Those verified longer ago than so many days, 1 or more. */
        record Older(int days) implements Scope {
            public Older {
                if (days < 1) {
                    throw new IllegalArgumentException("days must be 1 or more, not " + days);
                }
            }
        }

        /** The members of a list, by the CRM's id of it. */
        record ListMembers(String list) implements Scope {
            public ListMembers {
                if (list.isBlank()) {
                    throw new IllegalArgumentException("list is empty; give the CRM's id of the list");
                }
            }
        }

        /** The word in tables and requests. */
        default String word() {
            return switch (this) {
                case All _ -> "all";
                case Unchecked _ -> "unchecked";
                case Older _ -> "older";
                case ListMembers _ -> "list";
            };
        }

        /** What to list in the CRM for it. */
        default Selection selection() {
            return switch (this) {
                case All _, Unchecked _, Older _ -> new Selection.All();
                case ListMembers(var list) -> new Selection.Members(list);
            };
        }

        /**
         * A scope of words.
         *
         * @throws IllegalArgumentException naming what is wrong
         */
        static Scope of(String word, String list, int days) {
            return switch (word) {
                case "all" -> new All();
                case "unchecked" -> new Unchecked();
                case "older" -> new Older(days);
                case "list" -> new ListMembers(list);
                default ->
                    throw new IllegalArgumentException(
                            "source must be all, unchecked, older or list, not \"" + word + "\"");
            };
        }
    }

    /**
     * What a backfill would do, found out by counting and a sample.
     *
     * @param contacts as the CRM counts; -1 when it cannot tell
     * @param sampled contacts looked at
     * @param known of all contacts, how many need no verification, by the sample
     * @param duplicates how many have an address that another one has too, by the sample
     * @param withoutEmail how many have no address, by the sample
     * @param credits how many it would cost at most
     * @param minutes about how long it would take
     */
    public record Estimate(
            long contacts, long sampled, long known, long duplicates, long withoutEmail, long credits, long minutes) {}
}
