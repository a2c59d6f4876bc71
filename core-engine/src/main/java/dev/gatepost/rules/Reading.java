package dev.gatepost.rules;

import java.util.List;

/** What became of a workflow's JSON. */
public sealed interface Reading {
    /** It is a workflow. */
    record Good(Workflow workflow) implements Reading {}

    /**
     * It is none.
     *
     * @param mistakes in the order they stand in the text, at most {@link RuleLimits#MISTAKES_MAX}
     * @param more mistakes beyond these
     */
    record Wrong(List<Mistake> mistakes, int more) implements Reading {
        public Wrong {
            mistakes = List.copyOf(mistakes);
        }

        /** All in one text, for one line of an error message. */
        public String sentence() {
            var named =
                    String.join("; ", mistakes.stream().map(Mistake::toString).toList());
            return more == 0 ? named : named + "; and " + more + " more";
        }
    }
}
