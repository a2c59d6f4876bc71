-- Which domains take any local part: the address nobody has that each was asked about, and what it said.
create table mail_domain (
    domain text primary key,
    local_part text not null,
    answer text not null,
    at integer not null
) strict, without rowid;

create index mail_domain_at on mail_domain (at);

-- How mail hosts have treated us. From since to until nothing is asked; where both are the same, there was no pause.
-- stage is empty where nobody answered.
create table mail_host_treatment (
    whom text primary key,
    blocks integer not null,
    back_off_ms integer not null,
    pause_group text not null,
    since integer not null,
    until integer not null,
    cause text not null,
    mend text not null,
    last_reply text not null,
    host text not null,
    stage text not null,
    code integer not null,
    enhanced text not null,
    reply text not null,
    meaning text not null
) strict, without rowid;

create index mail_host_treatment_until on mail_host_treatment (until);

-- What all nodes have taken of a group's limits.
create table mail_host_quota (
    group_key text primary key,
    day_began integer not null,
    day_used integer not null,
    minute_began integer not null,
    minute_used integer not null
) strict, without rowid;

create index mail_host_quota_day on mail_host_quota (day_began);
