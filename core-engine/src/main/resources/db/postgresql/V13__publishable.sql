-- Publishable keys in use, looked through when a browser asks whether pages of an origin may send one.
create index api_key_publishable on api_key (id) where kind = 'pub' and revoked_at is null;
