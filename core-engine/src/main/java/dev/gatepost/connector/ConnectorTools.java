package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import okhttp3.OkHttpClient;

/**
 * What a connector is given to work with.
 *
 * @param http dials only where the egress rules allow for CRMs, follows no redirects, has the time-outs of the product
 * @param clock the time
 * @param random for jitter
 * @param budgets the calls each account allows, shared by all connectors of the process
 * @param keeper keeps settings that a connector was given anew, for example a refresh token
 * @param publicUrl how the outside calls us, without trailing slash; empty while nobody can
 * @param fieldPrefix what the names of our fields in a CRM begin with, for example {@code gatepost_}
 */
public record ConnectorTools(
        OkHttpClient http,
        InstantSource clock,
        RandomGenerator random,
        CallBudgets budgets,
        SettingsKeeper keeper,
        Supplier<String> publicUrl,
        String fieldPrefix) {
    public ConnectorTools {
        requireNonNull(http, "http");
        requireNonNull(clock, "clock");
        requireNonNull(random, "random");
        requireNonNull(budgets, "budgets");
        requireNonNull(keeper, "keeper");
        requireNonNull(publicUrl, "publicUrl");
        requireNonNull(fieldPrefix, "fieldPrefix");
    }

    /** Tools of a process that keeps nothing and shares no account with another. */
    public ConnectorTools(OkHttpClient http, InstantSource clock, RandomGenerator random, String fieldPrefix) {
        this(http, clock, random, new CallBudgets(clock), (_, _) -> {}, () -> "", fieldPrefix);
    }

    /** Tools of a process that nobody calls. */
    public ConnectorTools(
            OkHttpClient http,
            InstantSource clock,
            RandomGenerator random,
            CallBudgets budgets,
            SettingsKeeper keeper,
            String fieldPrefix) {
        this(http, clock, random, budgets, keeper, () -> "", fieldPrefix);
    }

    /** The same, for a process that the outside calls at this URL. */
    public ConnectorTools calledAt(Supplier<String> url) {
        return new ConnectorTools(http, clock, random, budgets, keeper, url, fieldPrefix);
    }

    /** The same, with changed settings kept elsewhere. */
    public ConnectorTools keptBy(SettingsKeeper other) {
        return new ConnectorTools(http, clock, random, budgets, other, publicUrl, fieldPrefix);
    }

    /** Where changed settings go. */
    @FunctionalInterface
    public interface SettingsKeeper {
        /**
         * Stores these settings of a connection, secrets encrypted; others stay as they are. Durable when it returns.
         *
         * @param connectionId our id
         * @param changed by {@link Setting#name()}, or a name only the connector knows
         */
        void keep(String connectionId, Map<String, String> changed);

        /**
         * Empties a secret setting of a connection where it still has this value: what it opened is shut for good. Nothing
         * happens where somebody has given another one meanwhile.
         *
         * @param connectionId our id
         * @param setting its name
         * @param value what is no good any more
         */
        default void forget(String connectionId, String setting, String value) {
            // who keeps nothing has nothing to forget
        }
    }
}
