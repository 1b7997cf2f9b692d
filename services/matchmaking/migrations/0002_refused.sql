-- Running rooms that would not take the player (full, over, or left before): they are not tried again for this ticket.
alter table tickets add column refused_by bigint[] not null default '{}';
