-- lane: 0 real time, 1 background. backfill_id: the backfill that found it, or empty. email, workflow_id and callback belong
-- to an errand: the address it names, the workflow that judges it, and whom to tell; empty otherwise.
alter table event add column lane bigint not null default 0;
alter table event add column backfill_id text not null default '';
alter table event add column email text not null default '';
alter table event add column workflow_id text not null default '';
alter table event add column callback text not null default '';

drop index event_due;
create index event_due on event (connection_id, lane, due_at) where due_at is not null;
create index event_backfill on event (backfill_id, state) where backfill_id <> '';
create index event_delivery on event (delivery_id);
create index event_ended on event (updated_at) where due_at is null;

-- How far a connection's contacts were looked through for changes (reliability I8).
create table reconciliation (
    connection_id text primary key,
    watermark bigint not null,
    bookmark text not null,
    run_since bigint,
    run_started_at bigint,
    run_cursor text not null,
    asked_at bigint not null,
    next_at bigint not null,
    finished_at bigint,
    failures bigint not null,
    last_error text not null,
    listed bigint not null,
    found bigint not null
);

-- Work through contacts that exist already.
create table backfill (
    id text primary key,
    workspace_id text not null,
    connection_id text not null,
    source text not null check (source in ('all', 'unchecked', 'older', 'list')),
    list text not null,
    age_days bigint not null,
    state text not null check (state in ('running', 'paused', 'done', 'cancelled', 'failed')),
    reason text not null,
    cursor text not null,
    listing text not null check (listing in ('open', 'ended')),
    expected bigint,
    listed bigint not null,
    queued bigint not null,
    known bigint not null,
    without_email bigint not null,
    failures bigint not null,
    next_at bigint not null,
    created_at bigint not null,
    created_by text not null,
    updated_at bigint not null,
    ended_at bigint
);

create index backfill_connection on backfill (connection_id, id);
create index backfill_open on backfill (state) where state = 'running';

-- Settings of a connection that the product has, not its plug-in.
create table connection_option (
    connection_id text not null,
    name text not null,
    value text not null,
    primary key (connection_id, name)
);

-- Whom and what was erased; keyed hashes, so that nothing can be read from them (reliability L4).
create table tombstone (
    key text primary key,
    at bigint not null
);

-- Which process made calls towards a CRM account lately.
create table call_use (
    budget text not null,
    node text not null,
    seen_at bigint not null,
    primary key (budget, node)
);
