-- One row for each player. When the account is deleted the row stays, empty, so that nothing that is heard of later brings the player back.
create table players (
  player_id bigint primary key,
  experience bigint not null default 0 check (experience between 0 and 9007199254740991),
  -- Days in a row on which the reward of the day was claimed, and the last of them (UTC).
  streak_days integer not null default 0,
  claimed_on date,
  deleted boolean not null default false
);

-- What was given, once for each key of a caller.
create table rewards (
  reward_id bigint primary key,
  player_id bigint not null,
  caller text collate "C" not null,
  key text collate "C" not null,
  kind text not null check (kind in ('currency', 'experience', 'item', 'booster')),
  type text collate "C" not null,
  amount bigint not null check (amount > 0),
  -- What it came to: experience is multiplied by boosters.
  gained bigint not null check (gained >= 0),
  reason text collate "C" not null,
  given_at timestamptz not null,
  unique (caller, key)
);
create index rewards_by_player on rewards (player_id);

-- Money that the wallet has not yet said it has moved; the row goes when it has.
create table unpaid (
  reward_id bigint primary key references rewards on delete cascade,
  -- Not before: whoever wrote it, or looked last, is at it.
  try_at timestamptz not null
);
create index unpaid_by_time on unpaid (try_at);

create table items (
  player_id bigint not null,
  type text collate "C" not null,
  amount bigint not null check (amount between 0 and 9007199254740991),
  primary key (player_id, type)
);

create table boosters (
  player_id bigint not null,
  type text collate "C" not null,
  ends_at timestamptz not null,
  primary key (player_id, type)
);

-- Sums follow from what was given in the same statement, whoever writes it: they cannot say anything else than the history does.
-- A booster that runs is made longer, up to a year from now.
create function add_up() returns trigger language plpgsql as $$
begin
  update rewards.players as p set experience = p.experience + f.gained
  from (select player_id, sum(gained) as gained from fresh where kind = 'experience' group by player_id) as f
  where p.player_id = f.player_id;

  insert into rewards.items as i (player_id, type, amount)
  select player_id, type, sum(gained) from fresh where kind = 'item' group by player_id, type
  on conflict (player_id, type) do update set amount = i.amount + excluded.amount;

  insert into rewards.boosters as b (player_id, type, ends_at)
  select player_id, type, max(given_at) + least(sum(gained), 525600) * interval '1 minute'
  from fresh where kind = 'booster' group by player_id, type
  on conflict (player_id, type) do update set ends_at = least(
    greatest(b.ends_at, (select max(given_at) from fresh)) + (excluded.ends_at - (select max(given_at) from fresh)),
    (select max(given_at) from fresh) + interval '525600 minutes');
  return null;
end $$;
create trigger rewards_add_up after insert on rewards
  referencing new table as fresh for each statement execute function add_up();

create function append_only() returns trigger language plpgsql as $$
begin
  raise exception 'what was given stays as it was written';
end $$;
create trigger rewards_append_only before update or truncate on rewards for each statement execute function append_only();

-- A message to many players. Its recipients are the players between two ids, with experience between two sums, of those named if any are.
create table campaigns (
  campaign_id bigint primary key,
  made_by bigint,
  key text collate "C" not null,
  -- SHA-256 of what was asked: with the same key it must be the same.
  request_hash bytea not null,
  title text not null,
  text text not null,
  rewards jsonb not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  player_ids bigint[],
  -- Ids and experience from, up to but without until.
  id_from bigint not null,
  id_until bigint not null,
  experience_from bigint not null,
  experience_until bigint not null,
  state text not null default 'sending' check (state in ('sending', 'sent', 'cancelled')),
  recipients integer,
  delivered integer not null default 0,
  -- Players up to this id have been served.
  served_through bigint not null,
  ended_at timestamptz,
  -- Players up to this id have been rid of it after its end; null when all have.
  cleared_through bigint default 0,
  unique (made_by, key)
);
create index campaigns_uncleared on campaigns (expires_at) where cleared_through is not null;

-- A campaign is in a player's inbox once; what it says is in the campaign.
create table inbox (
  player_id bigint not null,
  campaign_id bigint not null,
  read_at timestamptz,
  claimed_at timestamptz,
  primary key (player_id, campaign_id)
);

-- How far the players of before this service have been looked through.
create table census (
  one boolean primary key default true check (one),
  after bigint,
  done boolean not null default false
);
insert into census default values;
