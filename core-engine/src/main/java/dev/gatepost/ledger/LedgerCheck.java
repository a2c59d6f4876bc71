package dev.gatepost.ledger;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/** Whether the ledger adds up. */
public sealed interface LedgerCheck {
    /**
     * Every hash, balance and charge is as it must be.
     *
     * @param entries how many were looked at
     * @param balances by workspace, as computed from the entries
     */
    record Sound(long entries, Map<String, Balance> balances) implements LedgerCheck {
        public Sound {
            balances = Map.copyOf(balances);
        }
    }

    /**
     * Something was changed behind the ledger's back.
     *
     * @param seq the first wrong entry of the workspace; 0 when the entries are right and the balance is not
     * @param why one sentence
     */
    record Broken(String workspaceId, long seq, String why) implements LedgerCheck {
        public Broken {
            requireNonNull(workspaceId, "workspaceId");
            requireNonNull(why, "why");
        }
    }
}
