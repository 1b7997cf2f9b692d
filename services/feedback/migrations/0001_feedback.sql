-- Searching must find what a player wrote whatever the letters' case and marks, in Turkish too, where İ and ı make lower case a
-- matter of language. Both cases are named because a database in the C locale knows ASCII letters only.
-- Punctuation becomes space: else the parser takes `arena.The` for a host and `a/b` for a file, and their parts are not found.
create function folded(text text) returns text language sql immutable strict parallel safe as $$
  select pg_catalog.lower(pg_catalog.translate(pg_catalog.normalize(text, 'NFC'),
    'İIıÇçĞğÖöŞşÜüÂâÎîÛû!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~',
    'iiiccggoossuuaaiiuu' || pg_catalog.repeat(' ', 32)))
$$;

-- Rows in which each of the words, or something that begins with it, stands. The words are letters and digits (rules.ts).
create function words_query(words text[]) returns tsquery language sql immutable strict parallel safe as $$
  select pg_catalog.string_agg(pg_catalog.quote_literal(feedback.folded(word)) || ':*', ' & ')::tsquery from pg_catalog.unnest(words) as word
$$;

create table feedback (
  feedback_id bigint primary key,
  player_id bigint not null,
  -- Made up by the client; a second press of the button comes with the same one.
  key text collate "C" not null,
  kind text not null check (kind in ('bug', 'idea', 'praise', 'other')),
  text text not null,
  rating smallint check (rating between 1 and 5),
  context jsonb not null,
  left_at timestamptz not null,
  state text not null default 'new' check (state in ('new', 'read', 'planned', 'done', 'declined')),
  answer text,
  answered_at timestamptz,
  revision integer not null default 0,
  reviewed_by bigint,
  reviewed_at timestamptz,
  -- No language's stems: what players write is of any language.
  words tsvector not null generated always as (to_tsvector('simple', folded(text || ' ' || coalesce(answer, '')))) stored,
  unique (player_id, key)
);
create index feedback_by_player on feedback (player_id, feedback_id desc);
create index feedback_by_state on feedback (state, feedback_id desc);
create index feedback_by_words on feedback using gin (words);

-- Who deleted the account. A token outlives it by minutes, and must not leave anything behind. Ids only.
create table forgotten (player_id bigint primary key);
