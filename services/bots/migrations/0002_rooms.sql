-- A row for each room that asked for bots or has ended. Whoever hires or dismisses for a room locks its row first, so they take turns;
-- the row of a room that is over refuses whoever hires late, until the sweep takes it away (rules.ts says when).
create table rooms (
  room_id bigint primary key,
  -- When it last asked for bots, or ended.
  heard_at timestamptz not null,
  over boolean not null
);
create index rooms_by_age on rooms (heard_at);
insert into rooms (room_id, heard_at, over) select distinct room_id, now(), false from bots;

-- A bot's number in its room: two bots of a room can have neither one number nor one name. What a race made twice goes.
delete from bots using bots as twin where bots.room_id = twin.room_id and bots.name = twin.name and bots.bot_id > twin.bot_id;
alter table bots add column number integer;
update bots set number = n.number
  from (select bot_id, row_number() over (partition by room_id order by bot_id) - 1 as number from bots) as n
  where n.bot_id = bots.bot_id;
alter table bots alter column number set not null;
alter table bots add constraint bots_room foreign key (room_id) references rooms (room_id) on delete cascade;
drop index bots_by_room;
create unique index bots_in_room on bots (room_id, number);
create unique index bots_named_in_room on bots (room_id, name);
