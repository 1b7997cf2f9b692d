-- Owners whose account of the platform was deleted: what they have goes back to the faucet.
create table closed_owners (
  owner text collate "C" primary key,
  closed_at timestamptz not null
);
create index closed_owners_by_time on closed_owners (closed_at);
