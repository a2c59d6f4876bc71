-- Who is told what. events and labels: words with spaces between, empty is any label. secret and previous_secret are
-- encrypted; previous_secret is empty when there is none.
create table hook_subscription (
    id text primary key,
    workspace_id text not null references workspace (id),
    url text not null,
    events text not null,
    workflow_id text not null,
    labels text not null,
    consumer text not null check (consumer in ('generic', 'zapier')),
    key_id text not null,
    state text not null check (state in ('active', 'disabled')),
    state_reason text not null,
    failing_since integer,
    created_at integer not null,
    secret text not null,
    previous_secret text not null,
    previous_until integer
) strict, without rowid;

create index hook_subscription_workspace on hook_subscription (workspace_id, id);

-- One message to one subscription. due_at is null once it has reached its end.
create table hook_delivery (
    id text primary key,
    subscription_id text not null,
    workspace_id text not null,
    event text not null,
    subject text not null,
    body text not null,
    state text not null check (state in ('waiting', 'delivered', 'dead')),
    attempts integer not null,
    due_at integer,
    status integer not null,
    outcome text not null,
    created_at integer not null,
    updated_at integer not null
) strict;

create index hook_delivery_due on hook_delivery (subscription_id, due_at, id) where due_at is not null;
create index hook_delivery_order on hook_delivery (subscription_id, subject, id) where due_at is not null;
create index hook_delivery_latest on hook_delivery (subscription_id, id);
create index hook_delivery_subject on hook_delivery (workspace_id, subject);
create index hook_delivery_ended on hook_delivery (updated_at) where due_at is null;

-- Each time a workspace's credits became low; seq is the ledger's entry that crossed the threshold.
create table credit_alarm (
    workspace_id text not null references workspace (id),
    seq integer not null,
    available integer not null,
    threshold integer not null,
    at integer not null,
    primary key (workspace_id, seq)
) strict, without rowid;
