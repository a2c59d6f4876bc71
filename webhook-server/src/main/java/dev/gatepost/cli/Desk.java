package dev.gatepost.cli;

import dev.gatepost.batch.Batches;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Setting;
import dev.gatepost.connector.Trial;
import dev.gatepost.doctor.Finding;
import dev.gatepost.doctor.StoreChecks;
import dev.gatepost.hook.Hooks;
import dev.gatepost.intake.Pipeline;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.server.Books;
import dev.gatepost.smtp.Pause;
import dev.gatepost.store.StoreUnusable;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.ConnectionDraft;
import dev.gatepost.workspace.KeyRotation;
import dev.gatepost.workspace.MasterKey;
import dev.gatepost.workspace.OneTimeLinks.Codes;
import dev.gatepost.workspace.OneTimeLinks.ForOwner;
import dev.gatepost.workspace.Workspaces;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Carries orders out where the store is open. Safe for any thread. */
final class Desk {

    private final Books books;
    private final Reach reach;
    private final WorkflowDesk workflows;

    /**
     * What else an order may need.
     *
     * @param plugins every kind of CRM
     * @param tools for trying a connection; made when first needed
     * @param publicUrl how the outside calls the server
     * @param ledgerCheck checks the ledger
     * @param connected told of each connection that was made or mended
     * @param hooks the outgoing webhooks; made when first needed
     * @param pauses mail hosts that refuse us; empty where no server runs
     * @param pipeline the running server's; empty where none runs
     * @param batches who works off lists; empty where nobody does
     */
    record Reach(
            List<ConnectorPlugin> plugins,
            Supplier<ConnectorTools> tools,
            String publicUrl,
            Supplier<LedgerCheck> ledgerCheck,
            Consumer<String> connected,
            Supplier<Hooks> hooks,
            Supplier<Optional<List<Pause>>> pauses,
            Supplier<Optional<Pipeline>> pipeline,
            Supplier<Optional<Batches>> batches) {

        Reach {
            plugins = List.copyOf(plugins);
        }
    }

    Desk(Books books, Reach reach) {
        this.books = books;
        this.reach = reach;
        this.workflows = new WorkflowDesk(books);
    }

    /** Carries one out; whatever fails is an outcome. */
    Outcome carryOut(Order order) {
        try {
            return switch (order.verb()) {
                case CREDITS -> new CreditsDesk(books).credits(workspace(order));
                case GRANT -> new CreditsDesk(books).grant(knownWorkspace(order), order);
                case REVERSE -> new CreditsDesk(books).reverse(knownWorkspace(order), order);
                case ALARM -> new CreditsDesk(books).alarm(knownWorkspace(order), order);
                case HOOK_LIST -> hookDesk().list(knownWorkspace(order));
                case HOOK_ADD -> hookDesk().add(knownWorkspace(order), order);
                case HOOK_REMOVE -> hookDesk().remove(knownWorkspace(order), order.argument("id"));
                case HOOK_TEST -> hookDesk().test(knownWorkspace(order), order.argument("id"));
                case LEDGER_VERIFY -> ledgerVerify();
                case BACKUP -> backup(Path.of(order.argument("file")));
                case CONNECT -> connect(order);
                case DISCONNECT -> new DeskLeaving(books, reach).leave(workspace(order), order.argument("connection"));
                case KEY_CREATE -> new DeskKeys(books).create(workspace(order), order);
                case KEY_LIST -> new DeskKeys(books).list(workspace(order));
                case KEY_REVOKE -> new DeskKeys(books).revoke(workspace(order), order.argument("id"));
                case WORKFLOWS -> workflows.list(workspace(order));
                case WORKFLOW_SHOW -> workflows.show(workspace(order), order.argument("id"));
                case WORKFLOW_EXPORT -> workflows.export(workspace(order), order.argument("id"));
                case WORKFLOW_SAVE -> workflows.save(workspace(order), order.argument("file"), order.argument("id"));
                case WORKFLOW_USE ->
                    workflows.use(workspace(order), order.argument("id"), order.argument("connection"));
                case WORKFLOW_SIMULATE ->
                    workflows.simulate(
                            workspace(order),
                            order.argument("file"),
                            order.argument("connection"),
                            order.argument("last"));
                case REJUDGE -> workflows.rejudge(workspace(order), order.argument("last"), order.argument("apply"));
                case EXAMINE -> examine();
                case LINK -> link(order);
                case CONNECTIONS -> connectionDesk().list(workspace(order));
                case OPTIONS -> new DeskOptions(books, reach.plugins()).choose(workspace(order), order);
                case BACKFILL -> connectionDesk().backfill(order);
                case BATCH_HAND -> batchDesk().hand(knownWorkspace(order), order);
                case BATCH_SHOW -> batchDesk().show(workspace(order), order.argument("id"));
                case BATCH_RESULTS -> batchDesk().results(workspace(order), order);
                case ERASE -> erase(knownWorkspace(order), order.argument("email"));
                case KEY_ROTATE -> keyRotate(order);
                case KEY_FINISH -> keyFinish();
            };
        } catch (Failure e) {
            return Outcome.failed(e.exit(), e.code(), e.sentence());
        } catch (IllegalArgumentException e) {
            return Outcome.failed(Exit.WRONG_USE, "wrong_setting", String.valueOf(e.getMessage()));
        } catch (StoreUnusable e) {
            return Outcome.failed(Exit.WORLD_FAILED, e.code(), String.valueOf(e.getMessage()));
        }
    }

    private Outcome erase(String workspace, String email) {
        if (email.isBlank()) {
            throw Failure.wrongUse("missing_address", "give the address to erase");
        }
        var count = books.erasure().address(email.strip(), AuditLog.By.COMMAND.in(workspace));
        return Outcome.done(
                "erased; " + count + (count == 1 ? " verification" : " verifications") + " told of it",
                JsonLine.object().put("erased", true).put("verifications", count));
    }

    private BatchDesk batchDesk() {
        return new BatchDesk(
                reach.batches().get().orElseThrow(() -> new IllegalStateException("nobody works off lists here")));
    }

    private ConnectionDesk connectionDesk() {
        return new ConnectionDesk(books, reach.pipeline().get());
    }

    private HookDesk hookDesk() {
        return new HookDesk(books, reach.hooks().get());
    }

    private static String workspace(Order order) {
        var workspace = order.argument("workspace");
        return workspace.isEmpty() ? Workspaces.MAIN : workspace;
    }

    private String knownWorkspace(Order order) {
        var workspace = workspace(order);
        if (new Workspaces(books.database(), InstantSource.system())
                .all().stream().noneMatch(known -> known.id().equals(workspace))) {
            throw Failure.wrongUse("no_such_workspace", "there is no workspace " + workspace);
        }
        return workspace;
    }

    private Outcome ledgerVerify() {
        return switch (reach.ledgerCheck().get()) {
            case LedgerCheck.Sound(var entries, var balances) -> {
                var json = JsonLine.object().put("sound", true).put("entries", entries);
                var each = json.putObject("workspaces");
                balances.forEach((workspace, balance) -> each.putObject(workspace)
                        .put("available", balance.available())
                        .put("reserved", balance.reserved())
                        .put("spent", balance.spent()));
                yield Outcome.done("sound: " + entries + " entries add up", json);
            }
            case LedgerCheck.Broken(var workspace, var seq, var why) ->
                Outcome.no(
                        "broken: workspace " + workspace + ", entry " + seq + ": " + why,
                        JsonLine.object()
                                .put("sound", false)
                                .put("workspace", workspace)
                                .put("entry", seq)
                                .put("why", why));
        };
    }

    private Outcome backup(Path file) {
        books.database().backup(file);
        return Outcome.done("written to " + file, JsonLine.object().put("file", file.toString()));
    }

    /** What the doctor cannot see from outside. */
    private Outcome examine() {
        var connections = books.connections().all();
        var findings = new ArrayList<Finding>();
        if (!connections.isEmpty()) {
            findings.addAll(StoreChecks.connections(
                    connections, reach.plugins(), reach.tools().get()));
        }
        reach.pauses().get().ifPresent(pauses -> findings.addAll(StoreChecks.pauses(pauses)));
        return Outcome.done("", DoctorCommand.write(findings));
    }

    private Outcome link(Order order) {
        var codes = order.argument("forget-totp").isEmpty() ? Codes.KEPT : Codes.SWITCHED_OFF;
        return switch (books.residents().links().makeAtTheMachine(order.argument("email"), codes)) {
            case ForOwner.Made(var token) -> {
                var link = reach.publicUrl() + "/welcome?token=" + token;
                yield Outcome.done(link, JsonLine.object().put("link", link));
            }
            case ForOwner.SayWhich(var owners) ->
                throw Failure.wrongUse("say_which", "there are " + owners + " owners; say whose: --email ADDRESS");
            case ForOwner.NoSuchPerson _ -> throw Failure.wrongUse("no_such_person", "nobody here has this address");
        };
    }

    private KeyRotation rotation() {
        return new KeyRotation(
                books.database(), books.secrets(), books.residents().audit());
    }

    private Outcome keyRotate(Order order) {
        var file = order.argument("master");
        var report = file.isEmpty()
                ? rotation().rotate(AuditLog.By.COMMAND)
                : rotation().rotate(AuditLog.By.COMMAND, MasterKey.read(Path.of(file)));
        var text = "encrypted " + report.values() + " values under key " + report.keyId()
                + (report.unreadable() > 0
                        ? "\n" + report.unreadable() + " values open with no key and were left; enter them again"
                        : "")
                + (file.isEmpty()
                        ? ""
                        : "\nstart every node with GATEPOST_MASTER_KEY_FILE=" + file
                                + ", then run gatepost key rotate --finish; until then either key opens everything");
        return Outcome.done(
                text,
                JsonLine.object()
                        .put("key", report.keyId())
                        .put("values", report.values())
                        .put("unreadable", report.unreadable())
                        .put("forgotten", report.keysForgotten()));
    }

    private Outcome keyFinish() {
        var dismissed = rotation()
                .finish(AuditLog.By.COMMAND)
                .orElseThrow(() -> Failure.wrongUse(
                        "old_master_key",
                        "this server still runs with the old master key; start it with the new one first"));
        return Outcome.done(
                dismissed == 0
                        ? "there was nothing to finish: one master key opens everything"
                        : "the old master key opens nothing any more",
                JsonLine.object().put("dismissed", dismissed));
    }

    private Outcome connect(Order order) {
        var plugin = plugin(order.argument("plugin"));
        var settings = new HashMap<String, String>();
        for (var setting : plugin.settings()) {
            var value = order.argument("setting." + setting.name());
            if (!value.isEmpty()) {
                settings.put(setting.name(), value);
            } else if (setting.need() == Setting.Need.REQUIRED) {
                throw Failure.wrongUse("missing_setting", setting.name() + " is missing: " + setting.help());
            }
        }
        return switch (Trial.install(plugin, settings, reach.tools().get())) {
            case Installed.Ready ready ->
                save(plugin, ready.account(), ready.with(settings), ready.done(), workspace(order));
            case Installed.Clash(var what, var mend) -> Outcome.failed(Exit.NO, "clash", what + " " + mend);
            case Installed.Refused(var refusal, var why) ->
                Outcome.failed(Exit.NO, refusal.name().toLowerCase(Locale.ROOT), why);
            case Installed.RetryLater(var after, var why) ->
                Outcome.failed(
                        Exit.WORLD_FAILED, "try_again", why + " Try again in " + after.toSeconds() + " seconds.");
        };
    }

    private Outcome save(
            ConnectorPlugin plugin, String account, Map<String, String> settings, List<String> done, String workspace) {
        if (plugin.hookKey(new Account("trial", account, "", settings)).isEmpty()) {
            throw Failure.wrongUse("missing_setting", "without the app's id there is no webhook address; give it");
        }
        var connection = books.connections()
                .save(
                        By.COMMAND.in(workspace),
                        plugin,
                        new ConnectionDraft(workspace, account, plugin.label() + " " + account, settings));
        reach.connected().accept(connection.id());
        var hook = reach.publicUrl() + "/hooks/" + plugin.id() + "/" + plugin.hookPath(connection.account());
        var json = JsonLine.object()
                .put("connection", connection.id())
                .put("account", account)
                .put("webhook", hook);
        var steps = json.putArray("done");
        done.forEach(steps::add);
        return Outcome.done(
                String.join("\n", done) + (done.isEmpty() ? "" : "\n") + "connected: " + plugin.label() + " account "
                        + account + "\nwebhook address: " + hook,
                json);
    }

    private ConnectorPlugin plugin(String id) {
        return reach.plugins().stream()
                .filter(plugin -> plugin.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Failure.wrongUse("no_such_connector", "there is no connector " + id));
    }
}
