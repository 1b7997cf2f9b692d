create table bots (
  bot_id bigint primary key,
  room_id bigint not null,
  name text not null,
  skill double precision not null
);
create index bots_by_room on bots (room_id);
