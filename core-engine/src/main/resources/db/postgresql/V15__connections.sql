-- Errands name addresses, by which an erasure finds them.
create index event_email on event (workspace_id, lower(email)) where email <> '';
