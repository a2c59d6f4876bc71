package dev.gatepost.hook;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.gatepost.hook.Subscription.State;
import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.SecretColumn;
import dev.gatepost.workspace.Secrets;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code hook_subscription}. Who is told is looked up in memory, since every settlement asks; the copy is compared
 * with the database twice a second, and takes over what was changed since. Safe for any thread.
 */
public final class Subscriptions {
    /** Most subscriptions of one workspace. */
    public static final int PER_WORKSPACE_MAX = 10_000;

    /** How long the old secret goes on beside the new one (reliability G4). */
    private static final Duration ROTATION = Duration.ofHours(24);

    private static final String CHANGE = "hook_subscription";

    private final Database database;
    private final Secrets secrets;
    private final Ids ids;
    private final InstantSource clock;
    private final SecureRandom random;
    private final AuditLog audit;
    private final Map<String, Subscription> known = new ConcurrentHashMap<>();
    private final Map<Wish, Map<String, Subscription>> wanting = new ConcurrentHashMap<>();
    private long version = -1; // of the copy in memory; guarded by this

    public Subscriptions(Database database, Secrets secrets, Ids ids, InstantSource clock, SecureRandom random) {
        this.database = requireNonNull(database, "database");
        this.secrets = requireNonNull(secrets, "secrets");
        this.ids = requireNonNull(ids, "ids");
        this.clock = requireNonNull(clock, "clock");
        this.random = requireNonNull(random, "random");
        this.audit = new AuditLog(ids, clock);
    }

    /** Writes down who changed one (reliability L2), within the transaction of the change. */
    void note(Handle handle, By by, AuditAction action, String id, String detail) {
        audit.add(handle, by, action, id, detail);
    }

    private record Wish(String workspaceId, HookEvent event) {}

    /** Who of a workspace wants something told, oldest first. Does not touch the database. */
    List<Subscription> wanting(String workspaceId, HookEvent event, String workflowId, String label) {
        return wanting.getOrDefault(new Wish(workspaceId, event), Map.of()).values().stream()
                .filter(each -> each.draft().wants(event, workflowId, label))
                .toList();
    }

    /** The one with this id, as known in memory. */
    Optional<Subscription> known(String id) {
        return Optional.ofNullable(known.get(id));
    }

    /** Every active one, as known in memory. */
    List<Subscription> active() {
        return known.values().stream().filter(Subscription::isActive).toList();
    }

    /** Looks whether the copy in memory is old, and takes over what was changed. */
    synchronized void refresh() {
        database.read(handle -> {
            long now = handle.createQuery("select version from change where name = :name")
                    .bind("name", CHANGE)
                    .mapTo(Long.class)
                    .findOne()
                    .orElse(0L);
            if (now != version) {
                takeOver(handle);
                version = now;
            }
            return true;
        });
    }

    /** Changes are committed in the order of their versions, so that none can turn up later below the one read here. */
    private void takeOver(Handle handle) {
        handle.createQuery("select * from hook_subscription where changed > :version or :version < 0")
                .bind("version", version)
                .map((row, _) -> subscription(row))
                .forEach(this::remember);
        var there = handle.createQuery("select count(*) from hook_subscription")
                .mapTo(Integer.class)
                .one();
        if (there != known.size()) {
            var ids = handle.createQuery("select id from hook_subscription")
                    .mapTo(String.class)
                    .set();
            known.values().stream().filter(each -> !ids.contains(each.id())).forEach(this::forget);
        }
    }

    private void remember(Subscription subscription) {
        known.put(subscription.id(), subscription);
        if (!subscription.isActive()) {
            endTelling(subscription);
            return;
        }
        var draft = subscription.draft();
        for (var event : draft.events()) {
            wanting.computeIfAbsent(new Wish(draft.workspaceId(), event), _ -> new ConcurrentSkipListMap<>())
                    .put(subscription.id(), subscription);
        }
    }

    /** One was removed here, and that is committed: it is told nothing from now on. */
    synchronized void removed(String id) {
        known(id).ifPresent(this::forget);
    }

    private void forget(Subscription subscription) {
        known.remove(subscription.id());
        endTelling(subscription);
    }

    private void endTelling(Subscription subscription) {
        var draft = subscription.draft();
        draft.events()
                .forEach(event -> wanting.getOrDefault(new Wish(draft.workspaceId(), event), new HashMap<>())
                        .remove(subscription.id()));
    }

    /**
     * Adds one, within the caller's transaction; {@link #refresh} after it.
     *
     * @throws IllegalArgumentException when the workspace has as many as it may have
     */
    Subscription add(Handle handle, SubscriptionDraft draft) {
        long change = announceChange(handle);
        long there = handle.createQuery("select count(*) from hook_subscription where workspace_id = :workspace")
                .bind("workspace", draft.workspaceId())
                .mapTo(Long.class)
                .one();
        if (there >= PER_WORKSPACE_MAX) {
            throw new IllegalArgumentException("A workspace has at most " + PER_WORKSPACE_MAX
                    + " webhook subscriptions; remove some that nobody needs.");
        }
        var id = ids.next();
        var secret = WebhookSignature.newSecret(random);
        var now = clock.instant();
        handle.createUpdate("""
                        insert into hook_subscription (id, workspace_id, url, events, workflow_id, labels, consumer, key_id,
                            state, state_reason, failing_since, created_at, secret, previous_secret, previous_until,
                            changed)
                        values (:id, :workspace, :url, :events, :workflow, :labels, :consumer, :key,
                            'active', '', null, :now, :secret, '', null, :change)""")
                .bind("id", id)
                .bind("workspace", draft.workspaceId())
                .bind("url", draft.url())
                .bind(
                        "events",
                        draft.events().stream().map(HookEvent::word).sorted().collect(joining(" ")))
                .bind("workflow", draft.workflowId())
                .bind("labels", draft.labels().stream().sorted().collect(joining(" ")))
                .bind("consumer", draft.consumer().word())
                .bind("key", draft.keyId())
                .bind("now", now)
                .bind("secret", secrets.encrypt(SecretColumn.HOOK_SECRET.of(id), secret))
                .bind("change", change)
                .execute();
        return new Subscription(id, draft, State.ACTIVE, "", null, now, secret, "", null);
    }

    /** Removes one with its deliveries; false when there is none. */
    boolean remove(Handle handle, String workspaceId, String id) {
        announceChange(handle);
        var removed = handle.createUpdate("delete from hook_subscription where workspace_id = :workspace and id = :id")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .execute();
        if (removed > 0) {
            handle.createUpdate("delete from hook_delivery where subscription_id = :id")
                    .bind("id", id)
                    .execute();
        }
        return removed > 0;
    }

    /** Makes a new secret; the old one goes on for a day. */
    Optional<String> rotate(Handle handle, String workspaceId, String id) {
        long change = announceChange(handle);
        var fresh = WebhookSignature.newSecret(random);
        return find(handle, workspaceId, id).map(found -> {
            handle.createUpdate("""
                            update hook_subscription set secret = :secret, previous_secret = :previous,
                                previous_until = :until, changed = :change
                            where id = :id""")
                    .bind("secret", secrets.encrypt(SecretColumn.HOOK_SECRET.of(id), fresh))
                    .bind("previous", secrets.encrypt(SecretColumn.HOOK_PREVIOUS_SECRET.of(id), found.secret()))
                    .bind("until", clock.instant().plus(ROTATION))
                    .bind("change", change)
                    .bind("id", id)
                    .execute();
            return fresh;
        });
    }

    /** Starts or stops one; false when it was so before. */
    boolean setState(Handle handle, String id, State state, String reason) {
        long change = announceChange(handle);
        return handle.createUpdate("""
                        update hook_subscription set state = :state, state_reason = :reason, failing_since = null,
                            changed = :change
                        where id = :id and state <> :state""")
                        .bind("state", state.word())
                        .bind("reason", reason)
                        .bind("change", change)
                        .bind("id", id)
                        .execute()
                > 0;
    }

    /** Notes since when calls fail. Nobody else need know at once. */
    static void failing(Handle handle, String id, Instant since) {
        handle.createUpdate(
                        "update hook_subscription set failing_since = coalesce(failing_since, :since) where id = :id")
                .bind("since", since)
                .bind("id", id)
                .execute();
    }

    /** Notes that calls do not fail any more. */
    static void succeeding(Handle handle, String id) {
        handle.createUpdate(
                        "update hook_subscription set failing_since = null where id = :id and failing_since is not null")
                .bind("id", id)
                .execute();
    }

    Optional<Subscription> find(Handle handle, String workspaceId, String id) {
        return handle.createQuery("select * from hook_subscription where workspace_id = :workspace and id = :id")
                .bind("workspace", workspaceId)
                .bind("id", id)
                .map((row, _) -> subscription(row))
                .findOne();
    }

    /** At most {@code limit} after the one with {@code afterId}, oldest first. */
    List<Subscription> page(Handle handle, String workspaceId, String afterId, int limit) {
        return handle.createQuery("""
                        select * from hook_subscription where workspace_id = :workspace and id > :after
                        order by id limit :limit""")
                .bind("workspace", workspaceId)
                .bind("after", afterId)
                .bind("limit", limit)
                .map((row, _) -> subscription(row))
                .list();
    }

    /** At most {@code limit} of those whose API key was revoked. */
    List<Subscription> ofRevokedKeys(Handle handle, int limit) {
        return handle.createQuery("""
                        select * from hook_subscription where key_id <> '' and not exists (
                            select 1 from api_key where id = hook_subscription.key_id and revoked_at is null)
                        order by id limit :limit""")
                .bind("limit", limit)
                .map((row, _) -> subscription(row))
                .list();
    }

    /** To be called first, since it holds back other changes until this one is through; returns the version that it makes. */
    private static long announceChange(Handle handle) {
        return handle.createQuery("""
                        insert into change (name, version) values (:name, 1)
                        on conflict (name) do update set version = change.version + 1 returning version""").bind("name", CHANGE).mapTo(Long.class).one();
    }

    private Subscription subscription(ResultSet row) throws SQLException {
        var id = row.getString("id");
        var previous = row.getString("previous_secret");
        return new Subscription(
                id,
                new SubscriptionDraft(
                        row.getString("workspace_id"),
                        row.getString("url"),
                        words(row.getString("events")).stream()
                                .flatMap(word -> HookEvent.of(word).stream())
                                .collect(Collectors.toSet()),
                        row.getString("workflow_id"),
                        words(row.getString("labels")),
                        Consumer.of(row.getString("consumer")),
                        row.getString("key_id")),
                State.of(row.getString("state")),
                row.getString("state_reason"),
                instant(row, "failing_since"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                secrets.decrypt(SecretColumn.HOOK_SECRET.of(id), row.getString("secret")),
                previous.isEmpty() ? "" : secrets.decrypt(SecretColumn.HOOK_PREVIOUS_SECRET.of(id), previous),
                instant(row, "previous_until"));
    }

    private static Set<String> words(String text) {
        return text.isEmpty() ? Set.of() : Arrays.stream(text.split(" ")).collect(Collectors.toSet());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }
}
