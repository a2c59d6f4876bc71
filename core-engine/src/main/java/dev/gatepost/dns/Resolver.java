package dev.gatepost.dns;

/** Asks DNS; the seam between the engine and name servers. */
public interface Resolver {
    /**
     * Asks one question and waits for the answer within the resolver's own bounds.
     *
     * @param name an A-label name without trailing dot
     * @return never an exception; what could not be asked is {@link Answer.Failed}
     */
    Answer ask(String name, RecordType type);

    /**
     * Asks one question on a verification's budget.
     *
     * @return {@link Answer.FailureCause#BUDGET} when asking would exceed it
     */
    default Answer ask(String name, RecordType type, QueryBudget budget) {
        return budget.take() ? ask(name, type) : new Answer.Failed(Answer.FailureCause.BUDGET);
    }
}
