-- What a player took from the faucet, or gave back: `about` is the account. The limit of a day is counted from these.
alter table transfers drop constraint transfers_kind_check;
alter table transfers add constraint transfers_kind_check
  check (kind in ('transfer', 'hold', 'post', 'void', 'reversal', 'faucet'));
create index transfers_at_faucet on transfers (about, posted_at) where kind = 'faucet';
