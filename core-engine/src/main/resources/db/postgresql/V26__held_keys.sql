-- Who works on a request whose key is running, for work of many transactions: it says so again and again, and what is not
-- held any more may be taken over. 0 and nothing for all else. What an earlier version left running is not worked on.
alter table idempotency add column holder text not null default '';
alter table idempotency add column held_until bigint not null default 0;
delete from idempotency where state = 'running' and ref not in (select verification_id from realtime);

-- Where a verification comes from, for those that have no answer yet.
alter table realtime add column source text not null default 'api' check (source in ('api', 'test'));
