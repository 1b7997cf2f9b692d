-- The registry: which room runs in which process, and who sat in it. Membership is never only in memory (A7).
create table rooms (
  room_id bigint primary key,
  game text not null,
  game_version integer not null,
  seed bigint not null,
  process text not null,
  state text not null check (state in ('running', 'over')),
  started_at timestamptz not null,
  ended_at timestamptz,
  reason text
);
create index rooms_running on rooms (process) where state = 'running';

create table seats (
  room_id bigint not null references rooms (room_id) on delete cascade,
  player_id bigint not null,
  name text not null,
  bot boolean not null,
  left_at timestamptz,
  primary key (room_id, player_id)
);
create index seats_by_player on seats (player_id);
