-- Audits of the books: one by night is enough, whichever process makes it.
create table audits (
  -- UTC
  day date primary key,
  findings bigint not null,
  finished_at timestamptz not null default clock_timestamp()
);
