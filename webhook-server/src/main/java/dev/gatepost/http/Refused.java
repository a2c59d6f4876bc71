package dev.gatepost.http;

import static java.util.Objects.requireNonNull;

/** A request is not acceptable; whoever finds that throws this, and the route's caller answers the problem. */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public Refused(Problem problem) {
        super(problem.fault().code() + ": " + problem.detail(), null, false, false);
        this.problem = requireNonNull(problem, "problem");
    }

    /** What to answer. */
    public Problem problem() {
        return problem;
    }
}
