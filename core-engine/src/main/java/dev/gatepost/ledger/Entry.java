package dev.gatepost.ledger;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * One transfer, as it stands in the ledger for ever.
 *
 * @param workspaceId whose credits
 * @param seq 1, 2, 3 … within the workspace
 * @param debit the account the amount left
 * @param credit the account the amount went to
 * @param amount credits, positive
 * @param chargeKey keyed hash of what the charge is for, 64 hexadecimal digits; the same for all transfers of one charge
 * @param ref id of what the charge is for; on a grant when it expires (ISO 8601) or empty; on an expiry the grant's
 *     {@code seq}; never an address
 * @param note an operator's words on a grant or reversal, or empty
 * @param createdAt to the millisecond
 * @param previousHash {@code hash} of the entry before, or {@link #CHAIN_START}
 * @param hash over {@code previousHash} and everything above
 */
public record Entry(
        String workspaceId,
        long seq,
        Kind kind,
        LedgerAccount debit,
        LedgerAccount credit,
        long amount,
        String chargeKey,
        String ref,
        String note,
        Instant createdAt,
        String previousHash,
        String hash) {
    /** What the first entry of a workspace follows. */
    static final String CHAIN_START = "0".repeat(64);

    public Entry {
        requireNonNull(workspaceId, "workspaceId");
        requireNonNull(kind, "kind");
        requireNonNull(debit, "debit");
        requireNonNull(credit, "credit");
        requireNonNull(chargeKey, "chargeKey");
        requireNonNull(ref, "ref");
        requireNonNull(note, "note");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(previousHash, "previousHash");
        requireNonNull(hash, "hash");
    }

    /** The entry with the hash it should have. */
    Entry sealed() {
        return new Entry(
                workspaceId,
                seq,
                kind,
                debit,
                credit,
                amount,
                chargeKey,
                ref,
                note,
                createdAt,
                previousHash,
                computedHash());
    }

    /** SHA-256 over the previous hash and all fields in their order, texts with their length before them. */
    String computedHash() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.write(HexFormat.of().parseHex(previousHash));
            out.writeUTF(workspaceId);
            out.writeLong(seq);
            out.writeUTF(kind.word());
            out.writeUTF(debit.word());
            out.writeUTF(credit.word());
            out.writeLong(amount);
            out.write(HexFormat.of().parseHex(chargeKey));
            out.writeUTF(ref);
            out.writeUTF(note);
            out.writeLong(createdAt.toEpochMilli());
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException("a text of more than 65,535 bytes in entry " + seq, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
