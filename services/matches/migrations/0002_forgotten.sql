-- Who deleted the account. A result may be heard of later than that, and must not bring name or rating back. Ids only.
create table forgotten (player_id bigint primary key);
