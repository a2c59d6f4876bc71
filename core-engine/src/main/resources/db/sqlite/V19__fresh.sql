-- charge: the keyed hash that the ledger knows the claim's charge by; empty on claims of earlier versions.
-- reuse: 0 when a person asked for a fresh check, which no earlier answer may stand in for.
alter table claim add column charge text not null default '';
alter table claim add column reuse integer not null default 1;
alter table realtime add column reuse integer not null default 1;
