package dev.gatepost.smtp;

import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Outcome;
import dev.gatepost.smtp.ProbeResult.Trouble;

/** How an attempt to be greeted by a host ended. */
sealed interface Opening {
    Target target();

    /**
     * There is a connection to talk over.
     *
     * @param place the right to it; both are the holder's to close
     */
    record Greeted(Target target, SmtpSession session, HostGroups.Place place) implements Opening {}

    /** There is none. */
    record Failed(Target target, Outcome outcome) implements Opening {
        static Failed because(Target target, Trouble trouble) {
            return new Failed(target, new NoAnswer(target.host(), trouble));
        }
    }
}
