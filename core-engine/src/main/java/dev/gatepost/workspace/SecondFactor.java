package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.workspace.AuditLog.By;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Codes of an authenticator app beside the password (reliability: X4): switched on once a first code has shown that the app
 * has the secret. Each code works once; recovery codes stand in when the app is lost. Safe for any thread.
 */
public final class SecondFactor {
    /** Recovery codes given at once. */
    public static final int RECOVERY_CODES = 10;

    private static final int RECOVERY_BYTES = 10;

    private final Database database;
    private final Secrets secrets;
    private final AuditLog audit;
    private final InstantSource clock;
    private final SecureRandom random;

    public SecondFactor(Database database, Secrets secrets, AuditLog audit, InstantSource clock, SecureRandom random) {
        this.database = requireNonNull(database, "database");
        this.secrets = requireNonNull(secrets, "secrets");
        this.audit = requireNonNull(audit, "audit");
        this.clock = requireNonNull(clock, "clock");
        this.random = requireNonNull(random, "random");
    }

    /**
     * What an authenticator app is given.
     *
     * @param secret in base 32, to type
     * @param uri to be shown as a QR code or opened on a phone
     */
    public record Setup(String secret, String uri) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Setup[redacted]";
        }
    }

    /** Draws a new secret, which counts only after {@link #confirm}; another call draws another. */
    public Setup prepare(Person person) {
        var secret = Totp.secret(random);
        var stored = secrets.encrypt(SecretColumn.PERSON_TOTP_NEW.of(person.id()), secret);
        database.write(handle -> handle.createUpdate("update person set totp_new = :secret where id = :id")
                .bind("secret", stored)
                .bind("id", person.id())
                .execute());
        var label = URLEncoder.encode("Gatepost:" + person.email(), StandardCharsets.UTF_8)
                .replace("+", "%20");
        return new Setup(secret, "otpauth://totp/" + label + "?secret=" + secret + "&issuer=Gatepost");
    }

    /** Switches codes on; the answer is the recovery codes, shown once. Empty when the code is not of the new secret. */
    public Optional<List<String>> confirm(By by, String personId, String code) {
        var codes = new ArrayList<String>();
        for (int i = 0; i < RECOVERY_CODES; i++) {
            codes.add(recoveryCode());
        }
        boolean confirmed = database.write(handle -> {
            var row = PersonRows.byId(handle, personId)
                    .filter(person -> !person.totpNew().isEmpty())
                    .orElse(null);
            if (row == null) {
                return false;
            }
            var secret = secrets.decrypt(SecretColumn.PERSON_TOTP_NEW.of(personId), row.totpNew());
            var step = Totp.step(secret, code, clock.instant(), 0);
            if (step.isEmpty()) {
                return false;
            }
            handle.createUpdate("update person set totp = :totp, totp_new = '', totp_step = :step where id = :id")
                    .bind("totp", secrets.encrypt(SecretColumn.PERSON_TOTP.of(personId), secret))
                    .bind("step", step.getAsLong())
                    .bind("id", personId)
                    .execute();
            forgetRecoveryCodes(handle, personId);
            codes.forEach(each -> keep(handle, personId, each));
            audit.add(handle, by, AuditAction.TOTP_SWITCHED_ON, personId, "");
            return true;
        });
        return confirmed ? Optional.of(List.copyOf(codes)) : Optional.empty();
    }

    /** Switches codes off; false when they were off. Whoever calls has seen the password. */
    public boolean switchOff(By by, String personId) {
        return database.write(handle -> {
            var wasOn = PersonRows.byId(handle, personId)
                    .filter(row -> !row.totp().isEmpty())
                    .isPresent();
            if (wasOn) {
                switchOff(handle, personId);
                audit.add(handle, by, AuditAction.TOTP_SWITCHED_OFF, personId, "");
            }
            return wasOn;
        });
    }

    static void switchOff(Handle handle, String personId) {
        handle.createUpdate("update person set totp = '', totp_new = '', totp_step = 0 where id = :id")
                .bind("id", personId)
                .execute();
        forgetRecoveryCodes(handle, personId);
    }

    /** Uses a code up; false when it is none, or was used before. */
    boolean use(By by, PersonRows.Row person, String code) {
        var id = person.person().id();
        var secret = secrets.decrypt(SecretColumn.PERSON_TOTP.of(id), person.totp());
        var step = Totp.step(secret, code, clock.instant(), 0);
        return database.write(handle -> {
            if (step.isPresent()) {
                return handle.createUpdate("update person set totp_step = :step where id = :id and totp_step < :step")
                                .bind("step", step.getAsLong())
                                .bind("id", id)
                                .execute()
                        == 1;
            }
            var used = handle.createUpdate("delete from recovery_code where person_id = :id and hash = :hash")
                            .bind("id", id)
                            .bind("hash", hash(code))
                            .execute()
                    == 1;
            if (used) {
                audit.add(handle, by, AuditAction.RECOVERY_CODE_USED, id, "");
            }
            return used;
        });
    }

    private static void forgetRecoveryCodes(Handle handle, String personId) {
        handle.createUpdate("delete from recovery_code where person_id = :id")
                .bind("id", personId)
                .execute();
    }

    private static void keep(Handle handle, String personId, String code) {
        handle.createUpdate("insert into recovery_code (person_id, hash) values (:id, :hash)")
                .bind("id", personId)
                .bind("hash", hash(code))
                .execute();
    }

    /** 80 random bits in groups of four letters and digits: enough that a plain hash hides them. */
    private String recoveryCode() {
        var bytes = new byte[RECOVERY_BYTES];
        random.nextBytes(bytes);
        return String.join("-", Totp.base32(bytes).toLowerCase(Locale.ROOT).split("(?<=\\G.{4})"));
    }

    private static String hash(String code) {
        return Tokens.hash(code.toLowerCase(Locale.ROOT).replaceAll("[\\s-]", ""));
    }
}
