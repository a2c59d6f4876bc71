-- As before, with the source, since what test keys asked for counts for nothing.
drop index verification_latest;
create index verification_latest on verification (workspace_id, verified_at, id, reason, score, traits, domain, normalized,
    provider, decision, rule, connection_id, workflow_id, source);
