-- Who may use the console and the API in person. email is in lower case; password is a PHC string, empty until the person
-- chose one. totp and totp_new are encrypted, empty when there is none; totp_new waits to be confirmed. totp_step is the
-- last time step a code was used for, so that no code works twice.
create table person (
    id text primary key,
    email text not null unique,
    name text not null,
    password text not null,
    totp text not null,
    totp_new text not null,
    totp_step bigint not null,
    created_at bigint not null
);

create table member (
    workspace_id text not null references workspace (id),
    person_id text not null references person (id),
    role text not null check (role in ('owner', 'admin', 'viewer')),
    created_at bigint not null,
    primary key (workspace_id, person_id)
);

create index member_person on member (person_id);

-- SHA-256 of codes that stand in for a lost authenticator; each is deleted when it is used.
create table recovery_code (
    person_id text not null references person (id),
    hash text not null,
    primary key (person_id, hash)
);

-- Who is signed in. token_hash is the SHA-256 of the cookie's value.
create table session (
    id text primary key,
    token_hash text not null unique,
    person_id text not null references person (id),
    workspace_id text not null references workspace (id),
    began_at bigint not null,
    seen_at bigint not null,
    origin text not null,
    agent text not null
);

create index session_person on session (person_id);
create index session_began on session (began_at);

-- Links that work once. person_id is empty where the link makes the first owner.
create table one_time_link (
    token_hash text primary key,
    person_id text not null,
    without_totp bigint not null check (without_totp in (0, 1)),
    ends_at bigint not null
);

create index one_time_link_ends on one_time_link (ends_at);

-- Sign-ins that failed, by a keyed hash of account and network. free_at: when the next try is looked at.
create table sign_in_failure (
    who text primary key,
    failures bigint not null,
    last_at bigint not null,
    free_at bigint not null
);

create index sign_in_failure_last on sign_in_failure (last_at);

-- The keys under which secrets are encrypted and stored keys are hashed, each wrapped by one or, while the master key is
-- being changed, by two master keys.
create table data_key (
    id text not null,
    master_id text not null,
    state text not null check (state in ('current', 'old', 'hash')),
    wrapped text not null,
    created_at bigint not null,
    primary key (id, master_id)
);

create index audit_workspace on audit (workspace_id, id);
