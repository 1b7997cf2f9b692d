-- Events wait here, written in the transaction that states their fact, until the relay has handed them to the bus.
create table outbox (
  seq bigint generated always as identity primary key,
  id bigint not null,
  name text not null,
  version integer not null,
  key text not null,
  data jsonb not null,
  at timestamptz not null,
  traceparent text
);

-- What a consumer group has applied already, so that a second delivery changes nothing.
create table applied_events (
  consumer text not null,
  event_id bigint not null,
  applied_at timestamptz not null default now(),
  primary key (consumer, event_id)
);
