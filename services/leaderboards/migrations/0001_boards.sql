-- A player's score on one board: the sum of the match scores of the period that began at `starts_on` (UTC).
create table lines (
  game text not null,
  period text not null check (period in ('daily', 'weekly', 'all')),
  starts_on date not null,
  player_id bigint not null,
  score double precision not null,
  primary key (game, period, starts_on, player_id)
);
create index lines_by_player on lines (player_id);
