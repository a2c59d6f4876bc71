package dev.gatepost.lists;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edition of all lists that is in use; replaced as a whole, so whoever gets it sees one consistent version. Safe for any
 * thread.
 */
public final class ListsInUse implements Supplier<ReferenceLists> {
    private static final Logger LOG = LoggerFactory.getLogger(ListsInUse.class);

    private final ListFolder folder;
    private Map<String, String> stamp;
    private volatile ReferenceLists current;

    /**
     * Reads the folder.
     *
     * @throws IllegalArgumentException when one of the operator's lists is wrong; the message names file and lines
     */
    public ListsInUse(ListFolder folder) {
        this.folder = requireNonNull(folder, "folder");
        this.stamp = folder.stamp();
        this.current = folder.read();
    }

    @Override
    public ReferenceLists get() {
        return current;
    }

    public ListFolder folder() {
        return folder;
    }

    /** Reads the folder again if a file has changed; what is wrong then is logged once and changes nothing. */
    public synchronized void follow() {
        var now = folder.stamp();
        if (now.equals(stamp)) {
            return;
        }
        stamp = now;
        try {
            current = folder.read();
            LOG.info("the lists have changed and are in use");
        } catch (IllegalArgumentException e) {
            LOG.error("the lists have changed, but the old ones stay in use: {}", e.getMessage());
        }
    }
}
