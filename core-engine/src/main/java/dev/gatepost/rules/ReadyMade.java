package dev.gatepost.rules;

import static dev.gatepost.rules.Outcome.ACCEPT;
import static dev.gatepost.rules.Outcome.FLAG;
import static dev.gatepost.rules.Outcome.REJECT;

import dev.gatepost.verify.Status;
import dev.gatepost.verify.Trait;
import java.util.List;
import java.util.Set;

/** The workflows that every workspace begins with; there they are changed like any other. */
public final class ReadyMade {
    private static final String INVALID = "This address cannot receive mail. Please check it.";
    private static final String DISPOSABLE = "Please use an address you will keep.";
    private static final String UNKNOWN = "We could not check this address yet.";

    private static final Rule REJECT_INVALID = new Rule("reject invalid", is(Status.INVALID), REJECT, INVALID);
    private static final Rule REJECT_DISPOSABLE =
            new Rule("reject disposable", has(Trait.DISPOSABLE), REJECT, DISPOSABLE);

    /** A newsletter is lost on few; so risky addresses are let in. */
    public static final Workflow NEWSLETTER = new Workflow(
            "newsletter-sign-up",
            0,
            "Newsletter sign-up",
            List.of(REJECT_INVALID, REJECT_DISPOSABLE, new Rule("flag unknown", is(Status.UNKNOWN), FLAG)),
            ACCEPT,
            "");

    /** Only valid is accepted. Unknown is marked and not turned away, since nobody said anything about the mailbox. */
    public static final Workflow PAYING = new Workflow(
            "paying-users",
            0,
            "Paying users",
            List.of(
                    REJECT_DISPOSABLE,
                    new Rule("accept valid", is(Status.VALID), ACCEPT),
                    new Rule("flag unknown", is(Status.UNKNOWN), FLAG, UNKNOWN)),
            REJECT,
            INVALID);

    /** Companies only: no free providers. */
    public static final Workflow B2B = new Workflow(
            "b2b-leads",
            0,
            "B2B leads",
            List.of(
                    REJECT_INVALID,
                    REJECT_DISPOSABLE,
                    new Rule("reject free", has(Trait.FREE), REJECT, "Please use your company's email address."),
                    new Rule("flag risky or unknown", is(Status.RISKY, Status.UNKNOWN), FLAG),
                    new Rule("flag role", has(Trait.ROLE), FLAG)),
            ACCEPT,
            "");

    private static final List<Workflow> ALL = List.of(Workflow.STANDARD, NEWSLETTER, PAYING, B2B);

    private ReadyMade() {}

    /** All of them as shipped, each under the id it has in every workspace. */
    public static List<Workflow> all() {
        return ALL;
    }

    private static Condition is(Status... statuses) {
        return new Condition.StatusIn(Set.of(statuses));
    }

    private static Condition has(Trait trait) {
        return new Condition.HasTrait(trait);
    }
}
