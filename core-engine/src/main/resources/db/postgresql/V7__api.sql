-- Keys of the API. Only the SHA-256 of a key is kept; hint is its last four characters, for people.
-- scopes, ranges and origins are words with spaces between.
create table api_key (
    id text primary key,
    workspace_id text not null references workspace (id),
    kind text not null check (kind in ('live', 'test', 'pub')),
    name text not null,
    hash text not null unique,
    hint text not null,
    scopes text not null,
    ranges text not null,
    origins text not null,
    rate_per_minute integer not null check (rate_per_minute > 0),
    created_at bigint not null,
    created_by text not null,
    expires_at bigint,
    revoked_at bigint,
    last_used_at bigint
);

create index api_key_workspace on api_key (workspace_id, id);

-- What was answered to a request with an Idempotency-Key; state is running until its work has ended.
-- body is encrypted. ref is the id of what the request made.
create table idempotency (
    workspace_id text not null,
    route text not null,
    idempotency_key text not null,
    request_hash text not null,
    state text not null check (state in ('running', 'done')),
    ref text not null,
    status integer not null,
    body text not null,
    created_at bigint not null,
    primary key (workspace_id, route, idempotency_key)
);

create index idempotency_age on idempotency (created_at);
create index idempotency_ref on idempotency (ref) where ref <> '';

-- Verifications that the API asked for and that are not final: under way (then due_at is when another node may take it
-- up, since nobody needs that long), or to be asked again at due_at.
create table realtime (
    verification_id text primary key,
    workspace_id text not null,
    key_id text not null,
    email text not null,
    workflow_id text not null,
    checks integer not null,
    started_at bigint not null,
    due_at bigint not null
);

create index realtime_due on realtime (due_at);
