package dev.gatepost.hubspot;

import static java.util.function.Predicate.not;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Delivery;
import dev.gatepost.hubspot.HubSpotSignature.Older;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whose secret a request was signed with: it speaks for those accounts and for no others. Pure. */
final class HubSpotSigners {
    private HubSpotSigners() {}

    /** What looking at a signature brought. */
    sealed interface Signed {
        /** It is good for the accounts of these ids, at least one. */
        record By(Set<String> accounts) implements Signed {
            public By {
                accounts = Set.copyOf(accounts);
            }
        }

        /** It is none, or too old. */
        record ByNobody(String why) implements Signed {}
    }

    /** Of a webhook, where version 1 may be allowed. */
    static Signed ofWebhook(Delivery delivery, List<Account> accounts, Instant now) {
        return of(
                delivery,
                accounts,
                now,
                account -> isAllowed(account, HubSpotPlugin.ACCEPT_V1) ? Older.V1 : Older.NONE);
    }

    /** Of a workflow step or its drop-down, where version 2 may be allowed. */
    static Signed ofAction(Delivery delivery, List<Account> accounts, Instant now) {
        return of(
                delivery,
                accounts,
                now,
                account -> isAllowed(account, HubSpotPlugin.ACCEPT_V2) ? Older.V2 : Older.NONE);
    }

    private static Signed of(Delivery delivery, List<Account> accounts, Instant now, Function<Account, Older> older) {
        Optional<String> objection = HubSpotSignature.objectionToTime(delivery, now);
        if (objection.isPresent()) {
            return new Signed.ByNobody(objection.get());
        }
        var signers = accounts.stream()
                .filter(account -> isSignedFor(account, delivery, older.apply(account)))
                .map(Account::account)
                .collect(Collectors.toSet());
        return signers.isEmpty()
                ? new Signed.ByNobody("no signature, or none of a secret we know")
                : new Signed.By(signers);
    }

    private static boolean isAllowed(Account account, String setting) {
        return account.setting(setting).strip().equals("true");
    }

    private static boolean isSignedFor(Account account, Delivery delivery, Older older) {
        return Stream.of(HubSpotPlugin.CLIENT_SECRET, HubSpotPlugin.PREVIOUS_CLIENT_SECRET)
                        .map(account::setting)
                        .map(String::strip)
                        .filter(not(String::isEmpty))
                        .filter(secret -> HubSpotSignature.isSignedWith(secret, delivery, older))
                        .count()
                > 0;
    }
}
