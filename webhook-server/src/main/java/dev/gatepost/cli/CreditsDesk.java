package dev.gatepost.cli;

import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.Reversal;
import dev.gatepost.server.Books;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog.By;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Carries orders about credits out. Safe for any thread. */
final class CreditsDesk {

    private final Books books;

    CreditsDesk(Books books) {
        this.books = books;
    }

    Outcome credits(String workspace) {
        var standing = books.ledger().standing(workspace);
        var balance = standing.balance();
        var text = new StringBuilder("available " + balance.available() + "\nreserved  " + balance.reserved()
                + "\nspent     " + balance.spent());
        var json = JsonLine.object()
                .put("available", balance.available())
                .put("reserved", balance.reserved())
                .put("spent", balance.spent())
                .put("low_below", standing.lowBelow())
                .put("low_since", standing.lowSince().map(Instant::toString).orElse(null));
        standing.lowSince()
                .ifPresent(since -> text.append("\nlow: below ")
                        .append(standing.lowBelow())
                        .append(" since ")
                        .append(since));
        var expiring = json.putArray("expiring");
        books.ledger().expiring(workspace).forEach(lot -> {
            text.append("\n").append(lot.rest()).append(" of them expire at ").append(lot.expiresAt());
            expiring.addObject().put("credits", lot.rest()).put("expires_at", String.valueOf(lot.expiresAt()));
        });
        return Outcome.done(text.toString(), json);
    }

    Outcome grant(String workspace, Order order) {
        var note = order.argument("note");
        var grant = new Grant(
                order.argument("key"),
                amount(order.argument("amount")),
                note.isEmpty() ? "granted on the command line" : note,
                expiry(order.argument("expires")));
        books.database().write(handle -> {
            if (books.credits().grant(handle, workspace, grant)) {
                note(handle, workspace, AuditAction.CREDITS_GRANTED, "", grant.amount());
            }
            return true;
        });
        return credits(workspace);
    }

    private void note(Handle handle, String workspace, AuditAction action, String subject, long number) {
        books.residents().audit().add(handle, By.COMMAND.in(workspace), action, subject, Long.toString(number));
    }

    private static long amount(String text) {
        if (text.matches("\\d{1,13}")) {
            var amount = Long.parseLong(text);
            if (amount > 0 && amount <= Grant.AMOUNT_MAX) {
                return amount;
            }
        }
        throw Failure.wrongUse("wrong_amount", "credits are granted in whole numbers from 1 to " + Grant.AMOUNT_MAX);
    }

    private static @Nullable Instant expiry(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Instant.parse(text.length() == "2027-01-01".length() ? text + "T00:00:00Z" : text);
        } catch (DateTimeParseException _) {
            throw Failure.wrongUse(
                    "wrong_expiry", "--expires takes a day or a time in UTC: 2027-12-31 or 2027-12-31T12:00:00Z");
        }
    }

    Outcome reverse(String workspace, Order order) {
        if (!order.argument("entry").matches("\\d{1,18}")) {
            throw Failure.wrongUse(
                    "wrong_entry", "the entry is the number of a settlement in the list of transactions");
        }
        var seq = Long.parseLong(order.argument("entry"));
        var note = order.argument("note");
        var reversal = books.database().<Reversal>write(handle -> {
            var done = books.credits()
                    .reverse(handle, workspace, seq, note.isEmpty() ? "reversed on the command line" : note);
            if (done instanceof Reversal.Reversed(var amount)) {
                note(handle, workspace, AuditAction.CREDITS_REVERSED, Long.toString(seq), amount);
            }
            return done;
        });
        return switch (reversal) {
            case Reversal.Reversed _ -> credits(workspace);
            case Reversal.AlreadyReversed _ ->
                Outcome.no(
                        "entry " + seq + " was given back before",
                        JsonLine.object().put("reversed", false));
            case Reversal.NotASettlement _ ->
                throw Failure.wrongUse("wrong_entry", "entry " + seq + " is no settlement of workspace " + workspace);
        };
    }

    Outcome alarm(String workspace, Order order) {
        var below = order.argument("below");
        if (!below.matches("\\d{1,13}")) {
            throw Failure.wrongUse("wrong_amount", "the threshold is a whole number from 0 (never) on");
        }
        books.database().write(handle -> {
            books.ledger().alarmBelow(handle, workspace, Long.parseLong(below));
            note(handle, workspace, AuditAction.CREDITS_ALARM_SET, "", Long.parseLong(below));
            return true;
        });
        return credits(workspace);
    }
}
