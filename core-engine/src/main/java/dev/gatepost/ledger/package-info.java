/** Credits: a double-entry, append-only, hash-chained ledger. */
@NullMarked
package dev.gatepost.ledger;

import org.jspecify.annotations.NullMarked;
