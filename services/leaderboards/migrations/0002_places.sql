-- Where a line stands: the higher score first, of equal scores the one that was reached first, then the older account.
-- `descending` is −score, so that one comparison of rows in one direction is that order. Scores are numeric because a sum of
-- decimals must not depend on the order in which matches are heard of; double precision's does.
alter table lines alter column score type numeric;
alter table lines add column reached_at timestamptz;
update lines set reached_at = starts_on::timestamp at time zone 'UTC';
alter table lines alter column reached_at set not null;
alter table lines add column descending numeric not null generated always as (-score) stored;
create index lines_in_order on lines (game, period, starts_on, descending, reached_at, player_id);

-- A board in pieces of some hundred lines, with how many lines each has: a rank is the lines of the pieces above, and those
-- above in the player's own piece. A bucket begins at its key and ends where the next one begins (../buckets.ts).
create table buckets (
  game text not null,
  period text not null,
  starts_on date not null,
  descending numeric not null,
  reached_at timestamptz not null,
  player_id bigint not null,
  lines integer not null check (lines >= 0),
  primary key (game, period, starts_on, descending, reached_at, player_id)
);
-- One for each board there is; the first match that is added cuts it.
insert into buckets
  select game, period, starts_on, '-infinity', '-infinity', 0, count(*) from lines group by game, period, starts_on;

-- Who deleted the account. A match may be heard of later than that, and must not bring a line back. Ids only.
create table forgotten (player_id bigint primary key);
