-- Where a line stands: the higher score first, of equal scores the one that was reached first, then the older account.
-- `descending` is −score, so that one comparison of rows in one direction is that order. Scores are numeric because a sum of
-- decimals must not depend on the order in which matches are heard of; double precision's does.
create table placed (
  -- `arena/weekly/2026-11-16`: game, period, and the UTC date on which the period began.
  board text collate "C" not null,
  player_id bigint not null,
  score numeric not null,
  reached_at timestamptz not null,
  descending numeric not null generated always as (-score) stored
);
insert into placed (board, player_id, score, reached_at)
  select game || '/' || period || '/' || to_char(starts_on, 'YYYY-MM-DD'), player_id, score, starts_on::timestamp at time zone 'UTC'
  from lines;
drop table lines;
alter table placed rename to lines;
alter table lines add constraint lines_pkey primary key (player_id, board);
create index lines_in_order on lines (board, descending, reached_at, player_id);
-- Statistics know nothing of a new day's board, and the planner takes it for empty: finding one player by reading the whole board then
-- seems as good as the primary key. Without statistics every board counts as a 200th of the table, and it never does.
alter table lines alter column board set statistics 0;

-- A board in pieces of some hundred lines, with how many lines each has: a rank is the lines of the pieces above, and those
-- above in the player's own piece. A bucket begins at its place and ends where the next one begins (../buckets.ts).
create table buckets (
  board text collate "C" not null,
  descending numeric not null,
  reached_at timestamptz not null,
  player_id bigint not null,
  lines integer not null check (lines >= 0),
  primary key (board, descending, reached_at, player_id)
);
alter table buckets alter column board set statistics 0;
insert into buckets
  select board,
    case when place = 0 then '-infinity' else descending end,
    case when place = 0 then '-infinity' else reached_at end,
    case when place = 0 then 0 else player_id end,
    least(500, total - place)
  from (
    select l.*, row_number() over (whole order by descending, reached_at, player_id) - 1 as place, count(*) over whole as total
    from lines as l window whole as (partition by board)) as placed
  where place % 500 = 0;
analyze lines, buckets;

-- Who deleted the account. A match may be heard of later than that, and must not bring a line back. Ids only.
create table forgotten (player_id bigint primary key);
