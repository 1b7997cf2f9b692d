-- The people of a room that starts are fixed: from the moment it starts they are on their way in, and cannot be taken out.
update tickets set state = 'joining' from rooms
where rooms.room_id = tickets.room_id and rooms.state = 'starting' and tickets.state = 'queued';
