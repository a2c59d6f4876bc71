-- Where the final answer of one verification is posted, at most once. open until the answer is final, waiting until it is
-- posted, calling while it is; body holds the answer from waiting to ended. due_at is null where nothing is to be done.
create table hook_callback (
    verification_id text primary key,
    workspace_id text not null references workspace (id),
    url text not null,
    state text not null check (state in ('open', 'waiting', 'calling', 'ended')),
    body text not null,
    attempts integer not null,
    due_at integer,
    status integer not null,
    outcome text not null,
    created_at integer not null,
    updated_at integer not null
) strict, without rowid;

create index hook_callback_due on hook_callback (due_at) where due_at is not null;
create index hook_callback_old on hook_callback (updated_at) where due_at is null;
