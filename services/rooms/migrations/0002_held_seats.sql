-- A seat is held by a person from the opening of the room until the person leaves or the room is over. One at a time, whatever
-- asks for more (A4). Rooms that ran before this migration are ended at the start that applies it, so their seats are not held.
alter table seats add column held boolean not null default false;
create unique index seats_held on seats (player_id) where held;
