package dev.gatepost.intake;

import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Counted;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.Selection;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import java.util.List;

/** Stands for the connector of a connection that is disconnected: its credentials are erased, so it calls nobody. */
final class EndedConnection implements Connector {
    private static final Refusal REFUSAL = Refusal.NEEDS_REAUTH;
    private static final String WHY = "it is disconnected and its credentials are erased; connect it again";
    /** Nothing is ever read or written; only the events that are left are held, so many at a time. */
    private static final int BATCH_MAX = 100;

    @Override
    public int batchMax() {
        return BATCH_MAX;
    }

    @Override
    public Installed install() {
        return new Installed.Refused(REFUSAL, WHY);
    }

    @Override
    public Contacts contacts(Urgency urgency, List<String> ids) {
        return new Contacts.Refused(REFUSAL, WHY);
    }

    @Override
    public List<WriteBack> writeBack(Urgency urgency, List<Finding> findings) {
        return findings.stream()
                .<WriteBack>map(_ -> new WriteBack.Refused(REFUSAL, WHY))
                .toList();
    }

    @Override
    public Listing list(Selection selection, String cursor, int limit) {
        return new Listing.Refused(REFUSAL, WHY);
    }

    @Override
    public Counted count(Selection selection) {
        return new Counted.Unknown(WHY);
    }

    @Override
    public Checkup check() {
        return new Checkup.Refused(REFUSAL, WHY);
    }
}
