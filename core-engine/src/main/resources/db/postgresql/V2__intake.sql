-- One webhook call as received. Kept until its events have ended, then seven days more.
create table delivery (
    id text primary key,
    plugin text not null,
    hook_key text not null,
    received_at bigint not null,
    state text not null,
    why text not null,
    body bytea not null
);

-- One thing that happened to one contact. due_at is null once the event has reached its end or waits for a person.
create table event (
    id text primary key,
    workspace_id text not null,
    connection_id text not null,
    delivery_id text not null,
    dedupe_key text not null,
    kind text not null,
    object_id text not null,
    occurred_at bigint not null,
    received_at bigint not null,
    state text not null,
    reason text not null,
    due_at bigint,
    starts bigint not null,
    attempts bigint not null,
    verification_id text,
    updated_at bigint not null,
    unique (connection_id, dedupe_key)
);

create index event_due on event (connection_id, due_at) where due_at is not null;
create index event_state on event (workspace_id, state, due_at) where state in ('waiting_credits', 'held');
create index event_object on event (connection_id, object_id);
create index event_verification on event (verification_id) where verification_id is not null;

-- Who may charge for an object's address: all triggers for the same one share a claim (reliability C3).
create table claim (
    workspace_id text not null,
    claim_key text not null,
    generation bigint not null,
    verification_id text not null,
    state text not null,
    claimed_at bigint not null,
    primary key (workspace_id, claim_key, generation)
);

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
    score bigint not null,
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
    final bigint not null,
    checks bigint not null,
    next_check_at bigint,
    billing text not null,
    credits bigint not null,
    charge_key text not null,
    reused_from text not null,
    verified_at bigint not null,
    valid_until bigint not null,
    duration_ms bigint not null
);

create index verification_fresh on verification (workspace_id, normalized, verified_at);
create index verification_latest on verification (workspace_id, verified_at);
create index verification_object on verification (connection_id, object_id);

-- One row for each request, charged or not. Holds no address: erasure never touches it (reliability C8).
create table usage_log (
    verification_id text primary key,
    workspace_id text not null,
    at bigint not null,
    source text not null,
    connection_id text not null,
    workflow_id text not null,
    status text not null,
    label text not null,
    decision text not null,
    billing text not null,
    credits bigint not null,
    duration_ms bigint not null
);

create index usage_log_at on usage_log (workspace_id, at);
-- db-scheduler's table: who works on what, on which node. Derived from our own tables; the sweep fills it again.
create table scheduled_tasks (
    task_name text not null,
    task_instance text not null,
    task_data bytea,
    execution_time timestamp with time zone not null,
    picked boolean not null,
    picked_by text,
    last_success timestamp with time zone,
    last_failure timestamp with time zone,
    consecutive_failures int,
    last_heartbeat timestamp with time zone,
    version bigint not null,
    priority smallint,
    primary key (task_name, task_instance)
);

create index scheduled_tasks_due on scheduled_tasks (execution_time);
create index scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);
