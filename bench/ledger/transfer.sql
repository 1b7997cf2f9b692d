-- What one transfer that shares its transaction with no other does, statement by statement (services/wallet/store.ts). Run by pgbench, which
-- counts `n` in each client and takes the receiver at random, or always the same one where `everybody_pays` is 1.
\set n :n + 1
\set id :base + :n * 1000 + :client_id
\set payer random(2, :players)
\set receiver 2 + (:payer - 2 + random(1, :players - 2)) % (:players - 1)
\if :everybody_pays
\set receiver 1
\endif
begin;
select max(account_id) filter (where owner = 'player:' || :payer) as payer_account,
  max(balance) filter (where owner = 'player:' || :payer) as payer_balance,
  max(lines) filter (where owner = 'player:' || :payer) as payer_lines,
  max(account_id) filter (where owner = 'player:' || :receiver) as receiver_account,
  max(balance) filter (where owner = 'player:' || :receiver) as receiver_balance,
  max(lines) filter (where owner = 'player:' || :receiver) as receiver_lines
from (
  select account_id, owner, currency, balance, lines from wallet.accounts
  where (owner, currency) in (select * from unnest(array['player:' || :payer, 'player:' || :receiver]::text[], array['coins', 'coins']::text[]))
  order by account_id for no key update) as locked \gset
\set payer_balance :payer_balance - 10
\set receiver_balance :receiver_balance + 10
\set payer_lines :payer_lines + 1
\set receiver_lines :receiver_lines + 1
select caller, key, transfer_id, request_hash from wallet.transfers
where (caller, key) in (select * from unnest(array['pgbench']::text[], array[:id::text]::text[]));
select pg_advisory_xact_lock_shared(hashtextextended('wallet.days', 0));
insert into wallet.transfers (transfer_id, caller, key, request_hash, kind, reason, about)
select * from unnest(array[:id]::bigint[], array['pgbench']::text[], array[:id::text]::text[],
  array['\x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef']::bytea[], array['transfer']::text[], array['bench']::text[], array[null]::bigint[])
returning posted_at;
with posted as (
  insert into wallet.postings (transfer_id, account_id, amount, balance, line)
  select * from unnest(array[:id, :id]::bigint[], array[:payer_account, :receiver_account]::bigint[], array[-10, 10]::bigint[],
    array[:payer_balance, :receiver_balance]::bigint[], array[:payer_lines, :receiver_lines]::bigint[]))
update wallet.accounts as a set balance = n.balance, lines = n.lines
from unnest(array[:payer_account, :receiver_account]::bigint[], array[:payer_balance, :receiver_balance]::bigint[],
  array[:payer_lines, :receiver_lines]::bigint[]) as n (account_id, balance, lines)
where a.account_id = n.account_id;
commit;
