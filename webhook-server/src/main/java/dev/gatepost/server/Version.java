package dev.gatepost.server;

/** Which version runs. */
public final class Version {

    private Version() {}

    /** As in the jar's manifest; {@code development} when not run from the jar. */
    public static String current() {
        var version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
