-- An account keeps its row for good: when it is deleted, what is personal goes, and the id stays as a tombstone,
-- so that nobody else is ever given it.
create table accounts (
  player_id bigint primary key,
  login_type text not null check (login_type in ('guest', 'device', 'password', 'email')),
  generated_username text unique,
  generated_password_hash text,
  roles text[] not null default '{}' check (roles <@ array['support', 'admin']),
  created_at timestamptz not null,
  deleted_at timestamptz,
  check ((deleted_at is null) = (generated_username is not null)),
  check ((deleted_at is null) = (generated_password_hash is not null)),
  check (deleted_at is null or roles = '{}')
);

-- A way into an account. `lookup` is what a login is found by: the user name or e-mail address in lower case, or the
-- SHA-256 of a device's secret. One of each type for an account.
create table links (
  player_id bigint not null references accounts,
  type text not null check (type in ('device', 'password', 'email')),
  lookup text not null,
  label text not null,
  password_hash text,
  linked_at timestamptz not null,
  primary key (player_id, type),
  unique (type, lookup),
  check ((type = 'device') = (password_hash is null))
);

-- A session is a family of refresh tokens. With `staff_id` it is a look into the account by a member of staff, and has none.
create table sessions (
  session_id bigint primary key,
  player_id bigint not null references accounts,
  staff_id bigint references accounts,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  -- When it is over as things stand; a refresh moves it on, up to `expires_at_latest`.
  expires_at timestamptz not null,
  expires_at_latest timestamptz not null,
  ended_at timestamptz,
  address text not null,
  user_agent text not null
);
create index sessions_by_player on sessions (player_id) where ended_at is null;
create index sessions_by_expiry on sessions (expires_at);

create table refresh_tokens (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  session_id bigint not null references sessions on delete cascade,
  used_at timestamptz
);
create index refresh_tokens_by_session on refresh_tokens (session_id);
create index refresh_tokens_by_use on refresh_tokens (used_at) where used_at is not null;

-- Who of the staff entered which account, and why. Rows are only ever added.
create table support_entries (
  id bigint primary key,
  staff_id bigint not null,
  player_id bigint not null,
  session_id bigint not null,
  reason text not null,
  at timestamptz not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are only ever added', tg_table_name;
end
$$;
create trigger support_entries_append_only before update or delete or truncate on support_entries
  for each statement execute function refuse_change();
