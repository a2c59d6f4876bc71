package dev.gatepost.address;

import com.ibm.icu.text.SpoofChecker;
import com.ibm.icu.text.SpoofChecker.RestrictionLevel;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells domains that are made to look like something else, by Unicode Technical Standard 39: a label that mixes scripts
 * which are not used together, or a name that looks the same as a well-known one. A name in one script is none by itself,
 * whatever the script. Immutable, safe for any thread.
 */
public final class Homograph {
    private final List<String> known;

    /** The same names by what they look like; made at the first need, since few addresses need it. */
    private volatile @Nullable Map<String, String> knownByLooks;

    /** Guards the names given, such as the big providers' domains in A-label form. */
    public Homograph(Collection<String> known) {
        this.known = List.copyOf(known);
    }

    /** Whether the domain is made to look like something else. */
    public boolean isHomograph(Domain domain) {
        return mixesScripts(domain) || imitated(domain).isPresent();
    }

    /** The well-known domain it looks the same as without being it, if there is one. */
    public Optional<String> imitated(Domain domain) {
        var name = domain.unicode();
        if (!mayLookLikeAnother(name)) {
            return Optional.empty();
        }
        return Optional.ofNullable(byLooks().get(Checks.LOOKS.getSkeleton(name)))
                .filter(known -> !known.equals(domain.ascii()));
    }

    private static boolean mixesScripts(Domain domain) {
        var name = domain.unicode();
        if (AsciiClass.isAscii(name, 0)) {
            return false;
        }
        for (var label : name.split("\\.", -1)) {
            if (Checks.SCRIPTS.failsChecks(label)) {
                return true;
            }
        }
        return false;
    }

    /** Spares nearly all names the costly comparison: within ASCII only 0 and o, 1 and l, rn and m look alike. */
    private static boolean mayLookLikeAnother(String name) {
        return !AsciiClass.isAscii(name, 0) || name.indexOf('0') >= 0 || name.indexOf('1') >= 0 || name.contains("rn");
    }

    /** Two threads may both make the map; they make the same one. */
    private Map<String, String> byLooks() {
        var looks = knownByLooks;
        if (looks == null) {
            looks = known.stream()
                    .collect(Collectors.toUnmodifiableMap(
                            Checks.LOOKS::getSkeleton, Function.identity(), (first, _) -> first));
            knownByLooks = looks;
        }
        return looks;
    }

    /** ICU's tables, a few milliseconds to load: apart, so that an ASCII address never waits for them. */
    private static final class Checks {
        static final SpoofChecker SCRIPTS = new SpoofChecker.Builder()
                .setChecks(SpoofChecker.RESTRICTION_LEVEL)
                .setRestrictionLevel(RestrictionLevel.HIGHLY_RESTRICTIVE)
                .build();

        static final SpoofChecker LOOKS =
                new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();
    }
}
