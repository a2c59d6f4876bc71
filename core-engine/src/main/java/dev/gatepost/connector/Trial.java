package dev.gatepost.connector;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Installing in an account that is not saved yet. */
public final class Trial {
    private Trial() {}

    /**
     * Installs with these settings. What the CRM gives anew meanwhile, for example another refresh token, is among what
     * {@link Installed.Ready#keep()} says is to be kept.
     */
    public static Installed install(ConnectorPlugin plugin, Map<String, String> settings, ConnectorTools tools) {
        var changed = new ConcurrentHashMap<String, String>();
        var trying = tools.keptBy((_, given) -> changed.putAll(given));
        var installed =
                plugin.connect(new Account("trial", "", "", settings), trying).install();
        return switch (installed) {
            case Installed.Ready(var account, var done, var keep) -> {
                var all = new HashMap<>(changed);
                all.putAll(keep);
                yield new Installed.Ready(account, done, all);
            }
            case Installed.Clash _, Installed.Refused _, Installed.RetryLater _ -> installed;
        };
    }
}
