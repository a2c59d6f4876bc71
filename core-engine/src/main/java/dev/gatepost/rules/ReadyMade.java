package dev.gatepost.rules;

import static dev.gatepost.rules.Outcome.ACCEPT;
import static dev.gatepost.rules.Outcome.FLAG;
import static dev.gatepost.rules.Outcome.REJECT;

import dev.gatepost.verify.Status;
import dev.gatepost.verify.Trait;
import java.util.List;
import java.util.Set;

/** The workflows that every workspace begins with; there they are changed like any other. */
public enum ReadyMade {
    /** Turns away what cannot be mailed or is thrown away, marks what is doubtful. */
    STANDARD(
            "standard",
            "Standard",
            List.of(
                    new Rule("reject invalid", is(Status.INVALID), REJECT),
                    new Rule("reject disposable", has(Trait.DISPOSABLE), REJECT),
                    new Rule("flag risky or unknown", is(Status.RISKY, Status.UNKNOWN), FLAG),
                    new Rule("flag role", has(Trait.ROLE), FLAG)),
            ACCEPT,
            ""),

    /** A newsletter is lost on few; so risky addresses are let in, and so is whoever could not be asked. */
    NEWSLETTER(
            "newsletter-sign-up",
            "Newsletter sign-up",
            List.of(
                    new Rule("reject invalid", is(Status.INVALID), REJECT, Words.INVALID),
                    new Rule("reject disposable", has(Trait.DISPOSABLE), REJECT, Words.DISPOSABLE),
                    new Rule("flag unknown", is(Status.UNKNOWN), FLAG)),
            ACCEPT,
            ""),

    /** Only valid is accepted. Unknown is marked and not turned away, since nobody said anything about the mailbox. */
    PAYING(
            "paying-users",
            "Paying users",
            List.of(
                    new Rule("reject disposable", has(Trait.DISPOSABLE), REJECT, Words.DISPOSABLE),
                    new Rule("accept valid", is(Status.VALID), ACCEPT),
                    new Rule("flag unknown", is(Status.UNKNOWN), FLAG, Words.UNKNOWN)),
            REJECT,
            Words.INVALID),

    /** Companies only: no free providers. */
    B2B(
            "b2b-leads",
            "B2B leads",
            List.of(
                    new Rule("reject invalid", is(Status.INVALID), REJECT, Words.INVALID),
                    new Rule("reject disposable", has(Trait.DISPOSABLE), REJECT, Words.DISPOSABLE),
                    new Rule("reject free", has(Trait.FREE), REJECT, "Please use your company's email address."),
                    new Rule("flag risky or unknown", is(Status.RISKY, Status.UNKNOWN), FLAG),
                    new Rule("flag role", has(Trait.ROLE), FLAG)),
            ACCEPT,
            "");

    private final Workflow workflow;

    ReadyMade(String id, String name, List<Rule> rules, Outcome otherwise, String message) {
        this.workflow = new Workflow(id, 0, name, rules, otherwise, message);
    }

    /** As shipped, under the id it has in each workspace. */
    public Workflow workflow() {
        return workflow;
    }

    private static Condition is(Status... statuses) {
        return new Condition.StatusIn(Set.of(statuses));
    }

    private static Condition has(Trait trait) {
        return new Condition.HasTrait(trait);
    }

    private static final class Words {
        static final String INVALID = "This address cannot receive mail. Please check it.";
        static final String DISPOSABLE = "Please use an address you will keep.";
        static final String UNKNOWN = "We could not check this address yet.";
    }
}
