create table matches (
  match_id bigint primary key,
  game text not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  reason text not null
);

create table placings (
  match_id bigint not null references matches (match_id) on delete cascade,
  player_id bigint not null,
  name text not null,
  bot boolean not null,
  rank integer not null,
  score double precision not null,
  rating_before double precision,
  rating_after double precision,
  primary key (match_id, player_id)
);
create index placings_by_player on placings (player_id, match_id desc);

-- Openskill's mean and uncertainty; what players see is derived (rules.ts).
create table ratings (
  player_id bigint not null,
  game text not null,
  mu double precision not null,
  sigma double precision not null,
  matches integer not null,
  primary key (player_id, game)
);
