-- Which process makes which part of the calls towards a CRM account, said anew twice a second while it makes any. part:
-- none (it waits for a share), share (of a divisor-th), ended (it made its last call no later than seen_at). The row without
-- a node is there to be locked. closed_until: the CRM asked everybody to wait until then.
alter table call_use add column part text not null default 'ended' check (part in ('none', 'share', 'ended'));
alter table call_use add column divisor integer not null default 1;
alter table call_use add column closed_until integer not null default 0;
