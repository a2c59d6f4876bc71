-- One webhook call as received. Kept until its events have ended, then seven days more.
create table delivery (
    id text primary key,
    plugin text not null,
    hook_key text not null,
    received_at integer not null,
    state text not null,
    why text not null,
    body blob not null
) strict;

-- One thing that happened to one contact. due_at is null once the event has reached its end or waits for a person.
create table event (
    id text primary key,
    workspace_id text not null,
    connection_id text not null,
    delivery_id text not null,
    dedupe_key text not null,
    kind text not null,
    object_id text not null,
    occurred_at integer not null,
    received_at integer not null,
    state text not null,
    reason text not null,
    due_at integer,
    starts integer not null,
    attempts integer not null,
    verification_id text,
    updated_at integer not null,
    unique (connection_id, dedupe_key)
) strict, without rowid;

create index event_due on event (connection_id, due_at) where due_at is not null;
create index event_state on event (workspace_id, state, due_at) where state in ('waiting_credits', 'held');
create index event_object on event (connection_id, object_id);
create index event_verification on event (verification_id) where verification_id is not null;

-- Who may charge for an object's address: all triggers for the same one share a claim (reliability C3).
create table claim (
    workspace_id text not null,
    claim_key text not null,
    generation integer not null,
    verification_id text not null,
    state text not null,
    claimed_at integer not null,
    primary key (workspace_id, claim_key, generation)
) strict, without rowid;

create index claim_verification on claim (verification_id);

-- One check of one address, with what was decided and what it cost.
create table verification (
    id text primary key,
    workspace_id text not null,
    connection_id text not null,
    object_id text not null,
    source text not null,
    email text not null,
    normalized text not null,
    domain text not null,
    status text not null,
    label text not null,
    score integer not null,
    reason text not null,
    traits text not null,
    suggestion text not null,
    provider text not null,
    mx text not null,
    workflow_id text not null,
    workflow_name text not null,
    decision text not null,
    rule text not null,
    evidence text not null,
    steps text not null,
    final integer not null,
    checks integer not null,
    next_check_at integer,
    billing text not null,
    credits integer not null,
    charge_key text not null,
    reused_from text not null,
    verified_at integer not null,
    valid_until integer not null,
    duration_ms integer not null
) strict;

create index verification_fresh on verification (workspace_id, normalized, verified_at);
create index verification_latest on verification (workspace_id, verified_at);
create index verification_object on verification (connection_id, object_id);

-- One row for each request, charged or not. Holds no address: erasure never touches it (reliability C8).
create table usage_log (
    verification_id text primary key,
    workspace_id text not null,
    at integer not null,
    source text not null,
    connection_id text not null,
    workflow_id text not null,
    status text not null,
    label text not null,
    decision text not null,
    billing text not null,
    credits integer not null,
    duration_ms integer not null
) strict, without rowid;

create index usage_log_at on usage_log (workspace_id, at);
