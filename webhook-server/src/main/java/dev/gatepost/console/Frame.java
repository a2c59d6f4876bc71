package dev.gatepost.console;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What every page has around it.
 *
 * @param title of the page; also its one heading
 * @param assets path of the static files, with their version
 * @param version of the product
 * @param setting a word about where the data comes from, for example {@code sandbox}; empty for real data
 * @param theme {@code light} or {@code dark} where the person chose one; null follows the system
 * @param visitor who looks at it
 */
public record Frame(
        String title,
        String assets,
        String version,
        String setting,
        @Nullable String theme,
        Visitor visitor) {

    public Frame {
        requireNonNull(title, "title");
        requireNonNull(assets, "assets");
        requireNonNull(version, "version");
        requireNonNull(setting, "setting");
        requireNonNull(visitor, "visitor");
    }

    /** What goes with every request that changes something; empty without a session. */
    public String csrf() {
        return visitor instanceof Visitor.SignedIn signedIn ? signedIn.csrf() : "";
    }
}
