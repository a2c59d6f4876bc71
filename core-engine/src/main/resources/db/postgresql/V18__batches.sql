-- A customer's list of addresses. columns: names of the list's own columns, a JSON array; email_column is the one with the
-- addresses. no_address counts rows without any, not_an_address those of the others whose text is none.
create table batch (
    id text primary key,
    workspace_id text not null references workspace (id),
    kind text not null check (kind in ('live', 'test')),
    name text not null,
    format text not null check (format in ('csv', 'xlsx', 'ndjson', 'json')),
    columns text not null,
    email_column text not null,
    workflow_id text not null,
    workflow_name text not null,
    state text not null check (state in ('receiving', 'running', 'waiting_credits', 'finished', 'removing')),
    row_count bigint not null,
    unique_count bigint not null,
    duplicate_count bigint not null,
    no_address_count bigint not null,
    not_an_address_count bigint not null,
    created_at bigint not null,
    created_by text not null,
    touched_at bigint not null,
    finished_at bigint
);

create index batch_page on batch (workspace_id, kind, id);
create index batch_open on batch (state) where state <> 'finished';

-- A part of a batch, worked off by one node at a time. open: addresses without a final answer; the others count those with
-- one. Of each shard alone, so that nodes do not wait for each other.
create table batch_shard (
    batch_id text not null,
    shard bigint not null,
    open bigint not null check (open >= 0),
    valid bigint not null default 0,
    risky bigint not null default 0,
    disposable bigint not null default 0,
    free bigint not null default 0,
    role bigint not null default 0,
    invalid bigint not null default 0,
    unknown bigint not null default 0,
    given_up bigint not null default 0,
    erased bigint not null default 0,
    reused bigint not null default 0,
    credits bigint not null default 0,
    primary key (batch_id, shard)
);

-- One row of a list, in its order. own: what the list holds in it, as JSON. first: number of the row that stands for this
-- one's address. due_at is null once nothing is to be done; verification_id is empty before the first attempt.
create table batch_row (
    batch_id text not null,
    number bigint not null,
    shard bigint not null,
    email text not null,
    normalized text not null,
    domain text not null,
    own text not null,
    state text not null check (state in ('due', 'done', 'given_up', 'duplicate', 'no_address', 'erased')),
    due_at bigint,
    starts bigint not null,
    checks bigint not null,
    verification_id text not null,
    first bigint not null,
    primary key (batch_id, number)
);

create index batch_row_due on batch_row (batch_id, shard, due_at, number) where due_at is not null;
-- The list comes last, so that no database takes these for a way to all rows of a list.
create unique index batch_row_address on batch_row (normalized, batch_id)
where state in ('due', 'done', 'given_up');
create index batch_row_again on batch_row (normalized, batch_id) where state = 'duplicate';
