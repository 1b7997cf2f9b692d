-- One row for each player, made when USER_CREATED is heard or when the player asks first. When the account is deleted the
-- row stays, without anything personal, so that old results still have a name to show.
create table profiles (
  player_id bigint primary key,
  display_name text not null,
  -- False while the name is one that was made up: then the one of USER_CREATED, which may come later, takes its place.
  name_chosen boolean not null,
  avatar text not null,
  locale text not null,
  created_at timestamptz not null,
  deleted_at timestamptz
);
