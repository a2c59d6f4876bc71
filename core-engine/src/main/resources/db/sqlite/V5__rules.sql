-- Versions of workflows are never lost: a deleted workflow only stands here, and rolling back adds a version.
create table workflow_archive (
    workspace_id text not null references workspace (id),
    id text not null,
    archived_at integer not null,
    archived_by text not null,
    primary key (workspace_id, id)
) strict, without rowid;

-- The version that a version repeats; 0 when it was written anew.
alter table workflow add column restored_from integer not null default 0;

create trigger workflow_no_update before update on workflow
begin
    select raise(abort, 'versions of workflows are never changed');
end;

create trigger workflow_no_delete before delete on workflow
begin
    select raise(abort, 'versions of workflows are never deleted');
end;

alter table connection add column workflow_id text not null default 'standard';

-- workflow_version 0: decided by what was built in before workflows were stored. engine: the version of the program that
-- judged the stored evidence again; empty when nothing but the first judgement was made.
alter table verification add column workflow_version integer not null default 0;
alter table verification add column message text not null default '';
alter table verification add column engine text not null default '';

-- The latest verifications, with all that rules look at, so that trying rules on a million of them reads no evidence.
drop index verification_latest;
create index verification_latest on verification (workspace_id, verified_at, id, reason, score, traits, domain, normalized,
    provider, decision, rule, connection_id, workflow_id);
