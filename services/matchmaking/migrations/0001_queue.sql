-- A room people gather in: it waits, starts (being opened by the rooms service), then plays until it is over.
create table rooms (
  room_id bigint primary key,
  game text not null,
  state text not null check (state in ('waiting', 'starting', 'playing')),
  bots integer not null default 0,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create index rooms_by_game on rooms (game, state);

-- One row a player, so that nobody is ever in two games (A4). The ticket's id is the place in the queue and never changes.
create table tickets (
  player_id bigint primary key,
  ticket_id bigint not null unique,
  game text not null,
  state text not null check (state in ('queued', 'joining', 'playing')),
  room_id bigint references rooms (room_id) on delete set null,
  asked_at timestamptz not null,
  changed_at timestamptz not null,
  check (state = 'queued' or room_id is not null)
);
create index tickets_by_room on tickets (room_id);
create index tickets_by_game on tickets (game, state, ticket_id);
