-- Which of a workspace's credits expire when. seq is the grant's; 0 stands for all credits that never expire. What is
-- used comes out of what expires first; rest is brought up to date at each grant and expiry.
create table credit_lot (
    workspace_id text not null references workspace (id),
    seq bigint not null check (seq >= 0),
    expires_at bigint check ((expires_at is null) = (seq = 0)),
    rest bigint not null check (rest >= 0),
    primary key (workspace_id, seq)
);

create index credit_lot_expires on credit_lot (expires_at) where expires_at is not null;

-- The alarm: low_below is the threshold, low_since when available fell below it, null when it did not.
-- last_at: time of the last transfer, so that times never go backwards within a chain.
alter table balance add column low_below bigint not null default 100 check (low_below >= 0);
alter table balance add column low_since bigint;
alter table balance add column last_at bigint not null default 0;

update balance set last_at = coalesce(
    (select created_at from transfer where workspace_id = balance.workspace_id and seq = balance.seq), 0);

-- The kinds that are rare among reservations and settlements.
create index transfer_rare on transfer (workspace_id, kind, seq)
where kind = 'grant' or kind = 'release' or kind = 'reverse' or kind = 'expire';

-- Holds all that the usage log is filtered by, so that a filter which few rows pass reads the index alone.
drop index usage_log_at;
create index usage_log_page on usage_log (workspace_id, at, verification_id, label, billing, connection_id, workflow_id);
