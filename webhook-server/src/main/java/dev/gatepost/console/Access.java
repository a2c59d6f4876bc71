package dev.gatepost.console;

import dev.gatepost.workspace.OneTimeLinks;
import dev.gatepost.workspace.People;
import dev.gatepost.workspace.Sessions;

/** Who may see the console. */
public sealed interface Access {

    /**
     * Whoever is on this machine. Only for the demo, which listens on loopback and shows invented people. The Host header
     * must be a loopback name, or any web page could read it by pointing its own name here (DNS rebinding).
     */
    record OpenOnLoopback() implements Access {}

    /** Whoever has a live session. */
    record BySession(Sessions sessions, OneTimeLinks links, People people) implements Access {}
}
