-- Times are milliseconds since 1970-01-01 UTC. Ids are 26 characters and sort by time.

create table install (
    name text primary key,
    value text not null
);

-- What other nodes look at to learn that their copy in memory is old.
create table change (
    name text primary key,
    version bigint not null
);

create table workspace (
    id text primary key,
    name text not null,
    created_at bigint not null
);

create table connection (
    id text primary key,
    workspace_id text not null references workspace (id),
    plugin text not null,
    account text not null,
    hook_key text not null,
    name text not null,
    state text not null check (state in ('active', 'paused', 'needs_reauth', 'missing_scope', 'disconnected')),
    state_since bigint not null,
    state_reason text not null,
    settings text not null,
    secrets text not null,
    created_at bigint not null,
    unique (workspace_id, plugin, account)
);

create table workflow (
    workspace_id text not null references workspace (id),
    id text not null,
    version integer not null check (version > 0),
    name text not null,
    rules text not null,
    created_at bigint not null,
    created_by text not null,
    primary key (workspace_id, id, version)
);

create table audit (
    id text primary key,
    at bigint not null,
    workspace_id text not null,
    actor text not null,
    origin text not null,
    action text not null,
    subject text not null,
    detail text not null
);

create index audit_at on audit (at);

create function refuse() returns trigger language plpgsql as $$
begin
    raise exception '%', tg_argv[0];
end
$$;

create trigger audit_no_update before update on audit
    for each row execute function refuse('audit rows are never changed');

create trigger audit_no_truncate before truncate on audit
    for each statement execute function refuse('audit rows are kept for 400 days');

-- Retention may remove what is older than 400 days, and nothing younger.
create trigger audit_no_early_delete before delete on audit
    for each row when (old.at > (extract(epoch from now()) - 400 * 86400) * 1000)
    execute function refuse('audit rows are kept for 400 days');

-- Credits. A transfer moves amount from the debit account to the credit account of its workspace.
-- charge_key is a keyed hash over workspace and charge key, since what it is made of names an address.
-- step: 0 opens a charge, 1 closes it, 2 corrects it; the unique index lets each happen once.
create table transfer (
    workspace_id text not null references workspace (id),
    seq bigint not null check (seq > 0),
    kind text not null check (kind in ('grant', 'reserve', 'settle', 'release', 'reverse', 'expire')),
    debit text not null check (debit in ('issued', 'available', 'reserved', 'spent')),
    credit text not null check (credit in ('issued', 'available', 'reserved', 'spent') and credit <> debit),
    amount bigint not null check (amount > 0),
    charge_key bytea not null check (length(charge_key) = 32),
    step smallint not null check (step between 0 and 2),
    ref text not null,
    note text not null,
    created_at bigint not null,
    previous_hash bytea not null check (length(previous_hash) = 32),
    hash bytea not null check (length(hash) = 32),
    primary key (workspace_id, seq)
);

create unique index transfer_once on transfer (charge_key, step);

create trigger transfer_no_update before update on transfer
    for each row execute function refuse('transfers are never changed');

create trigger transfer_no_delete before delete on transfer
    for each row execute function refuse('transfers are never deleted');

create trigger transfer_no_truncate before truncate on transfer
    for each statement execute function refuse('transfers are never deleted');

-- The fold of a workspace's transfers, and the end of their chain.
create table balance (
    workspace_id text primary key references workspace (id),
    available bigint not null check (available >= 0),
    reserved bigint not null check (reserved >= 0),
    spent bigint not null check (spent >= 0),
    seq bigint not null check (seq >= 0),
    hash bytea not null check (length(hash) = 32)
);
