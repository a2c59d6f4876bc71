package dev.gatepost.server;

import dev.gatepost.store.StoreUnusable;
import dev.gatepost.workspace.MasterKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** Comes by the master key as the configuration says (reliability: X1). */
final class MasterKeys {

    /** The key's file in the data folder, when no other is configured. */
    static final String FILE = "master.key";

    /** Who may make a key that is missing. */
    enum Missing {
        /** A first start that only this machine can reach. */
        MADE,
        /** Everybody else: a new key would silently lock the old data away. */
        REFUSED
    }

    /**
     * A key.
     *
     * @param made where a new one was written just now; empty when it was there
     */
    record Found(MasterKey key, Optional<Path> made) {}

    private MasterKeys() {}

    /** @throws StoreUnusable when there is none and none may be made, or the file is not a key for its owner alone */
    static Found find(Config config, Path database, Missing missing, SecureRandom random) {
        return switch (config.masterKey()) {
            case Config.KeySource.Text(var base64) -> new Found(MasterKey.parse(base64), Optional.empty());
            case Config.KeySource.File(var path) -> new Found(MasterKey.read(path), Optional.empty());
            case Config.KeySource.InDataFolder _ -> inDataFolder(config, database, missing, random);
        };
    }

    private static Found inDataFolder(Config config, Path database, Missing missing, SecureRandom random) {
        var file = config.data().resolve(FILE);
        if (Files.exists(file)) {
            return new Found(MasterKey.read(file), Optional.empty());
        }
        if (missing == Missing.REFUSED || !config.listen().isLoopbackOnly() || Files.exists(database)) {
            throw new StoreUnusable(
                    "no_master_key",
                    "There is no master key. Set GATEPOST_MASTER_KEY_FILE; `gatepost key create --master FILE` makes one."
                            + " A first `gatepost serve` that listens on this machine only makes its own.");
        }
        return new Found(MasterKey.create(file, random), Optional.of(file));
    }
}
