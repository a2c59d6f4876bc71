-- Errands name addresses, by which an erasure finds them.
create index event_email on event (workspace_id, lower(email)) where email <> '';

-- Webhook calls that nobody could read, which a person may look at.
create index delivery_quarantined on delivery (plugin, hook_key, id) where state = 'quarantined';
