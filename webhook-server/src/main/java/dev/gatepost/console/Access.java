package dev.gatepost.console;

/** Who may see the console. */
public sealed interface Access {

    /**
     * Whoever is on this machine. Only for the demo, which listens on loopback and shows invented people. The Host header
     * must be a loopback name, or any web page could read it by pointing its own name here (DNS rebinding).
     */
    record OpenOnLoopback() implements Access {}

    /** Whoever came by a one-time link and has a live session. */
    record BySession(SignInLinks links, Sessions sessions) implements Access {}
}
