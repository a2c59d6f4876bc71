-- Version of the table's contents in which a row was last changed, so that whoever keeps a copy reads no more than that.
alter table hook_subscription add column changed bigint not null default 0;

create index hook_subscription_changed on hook_subscription (changed);

-- Receivers that are still to be told that we ended their subscription. A row goes once its receiver knows, or will not.
create table hook_farewell (
    subscription_id text primary key,
    url text not null,
    attempts bigint not null,
    due_at bigint not null
);

create index hook_farewell_due on hook_farewell (due_at);
