-- origin: whether a person started it, or the schedule by which old verifications are made anew.
alter table backfill add column origin text not null default 'person' check (origin in ('person', 'schedule'));

create index backfill_scheduled on backfill (connection_id)
    where origin = 'schedule' and state in ('running', 'paused');

-- When a connection's contacts are next looked through for old verifications, and how many of them were queued in the
-- present day, which begins with its first one.
create table reverification (
    connection_id text primary key,
    next_at bigint not null,
    day_began bigint not null,
    day_used bigint not null
);
