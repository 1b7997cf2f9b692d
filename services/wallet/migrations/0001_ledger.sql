-- An account in one currency. Players' accounts have a floor of zero and so a balance of their own, changed under the row's lock. The platform's
-- accounts have none: they are only ever appended to, so that nobody waits for their turn at the house, and their balance is the sum of their postings.
create table accounts (
  account_id bigint generated always as identity primary key,
  -- `player:<id>`, `house`, `faucet`, `rewards`, `shop`, `escrow`
  owner text collate "C" not null,
  currency text collate "C" not null,
  balance bigint check (balance between 0 and 9007199254740991),
  -- How many postings it has; numbers the lines of its statement.
  lines bigint not null default 0,
  unique (owner, currency),
  check ((balance is not null) = (owner like 'player:%'))
);

-- What was asked, once for each key of a caller.
create table transfers (
  transfer_id bigint primary key,
  caller text collate "C" not null,
  key text collate "C" not null,
  -- SHA-256 of what was asked: with the same key it must be the same.
  request_hash bytea not null,
  kind text not null check (kind in ('transfer', 'hold', 'post', 'void', 'reversal')),
  reason text collate "C" not null,
  -- The hold that was posted or voided, or the transfer that was reversed.
  about bigint,
  posted_at timestamptz not null default statement_timestamp(),
  unique (caller, key)
);
create unique index transfers_reversed_once on transfers (about) where kind = 'reversal';
create unique index transfers_held_once on transfers (about) where kind in ('post', 'void');
create index transfers_by_time on transfers (posted_at);

-- What a transfer did to an account. The postings of a transfer sum to zero in each currency.
create table postings (
  posting_id bigint generated always as identity primary key,
  transfer_id bigint not null,
  account_id bigint not null,
  amount bigint not null check (amount <> 0),
  -- After it, and its number among the account's lines; null where the account has no floor.
  balance bigint,
  line bigint,
  check ((balance is null) = (line is null))
);
create unique index postings_by_line on postings (account_id, line) include (amount) where line is not null;
create index postings_of_transfer on postings (transfer_id);

-- Money set aside: it lies in escrow until the hold has ended. The only row of the ledger that changes, and only once.
create table holds (
  hold_id bigint primary key,
  account_id bigint not null,
  owner text collate "C" not null,
  currency text collate "C" not null,
  amount bigint not null check (amount > 0),
  expires_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'posted', 'voided'))
);
create index holds_open_by_account on holds (account_id) where state = 'open';
create index holds_open_by_expiry on holds (expires_at) where state = 'open';

-- The rules of the service hold here once more, whoever writes: books balance, and what is written stays.
create function balanced() returns trigger language plpgsql as $$
begin
  if exists (
    select from fresh join wallet.accounts using (account_id) group by fresh.transfer_id, accounts.currency having sum(amount) <> 0
  ) then
    raise exception 'the postings of a transfer sum to zero in each currency';
  end if;
  return null;
end $$;
create trigger postings_balanced after insert on postings
  referencing new table as fresh for each statement execute function balanced();

create function append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: a mistake is corrected by a reversal', tg_table_name;
end $$;
create trigger transfers_append_only before update or delete or truncate on transfers for each statement execute function append_only();
create trigger postings_append_only before update or delete or truncate on postings for each statement execute function append_only();

-- A day (UTC) that is over, as a Merkle tree (RFC 6962) of its transfers in the order of their ids (../days.ts).
create table days (
  day date primary key,
  transfers bigint not null check (transfers > 0),
  root bytea not null,
  -- The node above the head of the day before and this root: it stands for everything up to this day.
  head bytea not null,
  sealed_at timestamptz not null default clock_timestamp()
);
-- Roots of its subtrees of 1,024 transfers, so that a proof need not read the whole day.
create table day_blocks (
  day date not null,
  block integer not null,
  first_transfer_id bigint not null,
  root bytea not null,
  primary key (day, block)
);
create trigger days_append_only before update or delete or truncate on days for each statement execute function append_only();
