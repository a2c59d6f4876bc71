package dev.gatepost.http;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * How the process is.
 *
 * @param checks in the order to show; the process is ready when every one passes
 */
public record Health(List<Check> checks) {

    public Health {
        checks = List.copyOf(checks);
    }

    public boolean isReady() {
        return checks.stream().allMatch(check -> check.state() == State.PASS);
    }

    /** One thing that must work. */
    public record Check(String name, State state, String detail) {

        public Check {
            requireNonNull(name, "name");
            requireNonNull(state, "state");
            requireNonNull(detail, "detail");
        }
    }

    /** Whether it works. */
    public enum State {
        PASS,
        FAIL
    }
}
