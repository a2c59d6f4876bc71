package dev.gatepost.server;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What the operator set, by key; adds to a list of mistakes what cannot be read. Used once, by one thread. */
final class Given {

    /** A properties or secret file above this is a mistake, not a configuration. */
    private static final long FILE_BYTES_MAX = 64 * 1024;

    /** A name this close to a known key is probably a slip of it. */
    private static final int SLIP_DISTANCE_MAX = 4;

    private static final int DAYS_MAX = 36_500;
    private static final int COUNT_MAX = 1_000_000;
    private static final int PORT_MAX = 65_535;

    /** Behind a key whose value is the name of a file with the secret. */
    static final String FILE_SUFFIX = "_FILE";

    private final Map<String, String> environment;
    private final Map<String, String> values = new TreeMap<>();
    private final List<String> mistakes;

    /** @param mistakes is added to */
    Given(Map<String, String> environment, List<String> mistakes) {
        this.environment = environment;
        this.mistakes = mistakes;
    }

    /** Takes the environment, which wins over what was taken before. */
    void takeEnvironment() {
        environment.forEach((key, value) -> {
            if (key.startsWith("GATEPOST_")) {
                values.put(key, value.strip());
            }
        });
    }

    /** As set; empty when it is not. */
    String raw(String key) {
        return values.getOrDefault(key, "");
    }

    /** Takes a properties file, if there is one; what the environment sets counts for more. */
    void takeFile(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        var properties = new Properties();
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                mistakes.add(file + " is larger than " + FILE_BYTES_MAX + " bytes");
                return;
            }
            try (var reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        } catch (IOException | IllegalArgumentException e) {
            mistakes.add(file + " cannot be read: " + why(e));
            return;
        }
        for (var name : properties.stringPropertyNames()) {
            var key = name.toUpperCase(Locale.ROOT).replace('.', '_');
            if (!Setting.propertyOf(key).equals(name)) {
                mistakes.add(name + " in " + file + " is written " + Setting.propertyOf(key));
            } else if (isEnvironmentOnly(key)) {
                mistakes.add(name + " in " + file + " can only be set in the environment, as " + key);
            } else {
                values.put(key, properties.getProperty(name).strip());
            }
        }
        // The environment wins as a whole: a secret given there must not clash with a _FILE given in the file.
        for (var setting : Setting.values()) {
            if (environment.containsKey(setting.key()) || environment.containsKey(setting.key() + FILE_SUFFIX)) {
                values.remove(setting.key());
                values.remove(setting.key() + FILE_SUFFIX);
            }
        }
    }

    private static boolean isEnvironmentOnly(String key) {
        for (var setting : Setting.values()) {
            if (setting.key().equals(key)) {
                return setting.isEnvironmentOnly();
            }
        }
        return false;
    }

    /**
     * Names every key that nobody knows.
     *
     * @param presets keys of plug-ins
     * @param secretPresets those of them that may come from a file
     */
    void refuseUnknownKeys(Collection<String> presets, Collection<String> secretPresets) {
        var known = new ArrayList<>(presets);
        for (var setting : Setting.values()) {
            known.add(setting.key());
            if (setting.kind() == Setting.Kind.SECRET) {
                known.add(setting.key() + FILE_SUFFIX);
            }
        }
        secretPresets.forEach(key -> known.add(key + FILE_SUFFIX));
        for (var key : values.keySet()) {
            if (!known.contains(key)) {
                var nearest = Spelling.nearest(key, known, SLIP_DISTANCE_MAX);
                mistakes.add(key + " is not a setting"
                        + nearest.map(n -> "; did you mean " + n + "?").orElse(""));
            }
        }
    }

    /** As set, or the default. */
    String value(Setting setting) {
        var value = raw(setting.key());
        return value.isEmpty() ? setting.defaultValue() : value;
    }

    /** A secret, which may stand in the file that the key with {@code _FILE} names. */
    String secret(String key, String otherwise) {
        var value = raw(key);
        var file = raw(key + FILE_SUFFIX);
        if (file.isEmpty()) {
            return value.isEmpty() ? otherwise : value;
        }
        if (!value.isEmpty()) {
            mistakes.add(key + " and " + key + FILE_SUFFIX + " are both set; give one");
            return "";
        }
        try {
            var path = Path.of(file);
            if (Files.size(path) > FILE_BYTES_MAX) {
                mistakes.add(key + FILE_SUFFIX + ": " + file + " is larger than " + FILE_BYTES_MAX + " bytes");
                return "";
            }
            return Files.readString(path).strip();
        } catch (IOException e) {
            mistakes.add(key + FILE_SUFFIX + ": " + file + " cannot be read: " + why(e));
            return "";
        }
    }

    int port(Setting setting, int least) {
        return number(setting, least, PORT_MAX);
    }

    Duration days(Setting setting, int least) {
        return Duration.ofDays(number(setting, least, DAYS_MAX));
    }

    int count(Setting setting) {
        return number(setting, 1, COUNT_MAX);
    }

    /** A whole number within bounds. */
    int number(Setting setting, int least, int most) {
        var text = value(setting);
        if (text.matches("\\d{1,9}")) {
            var number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        mistakes.add(setting.key() + " must be a number from " + least + " to " + most + "; it is " + text);
        return least;
    }

    /** One of some words. */
    String choice(Setting setting, List<String> choices) {
        var text = value(setting);
        if (!choices.contains(text)) {
            mistakes.add(setting.key() + " must be " + String.join(" or ", choices) + "; it is " + text);
            return setting.defaultValue();
        }
        return text;
    }

    /** Waits, in their order. */
    List<Duration> durations(Setting setting) {
        var waits = new ArrayList<Duration>();
        for (var item : value(setting).split(",", -1)) {
            var text = item.strip();
            if (text.matches("\\d{1,6}[smh]")) {
                waits.add(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)));
            } else {
                mistakes.add(setting.key() + " must list durations such as 1m,5m,1h; one is "
                        + (text.isEmpty() ? "empty" : text));
            }
        }
        return waits;
    }

    private static String why(Exception e) {
        return e instanceof CharacterCodingException
                ? "it is not UTF-8"
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
