-- Fencing tokens come from one sequence, so that they grow for every lease, whoever had it before.
create sequence lease_tokens;

create table leases (
  name text primary key,
  owner text not null,
  token bigint not null,
  until timestamptz not null
);
