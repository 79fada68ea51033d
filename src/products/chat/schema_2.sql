-- What is remembered of people, one fact a row. `topic` is what it is about (facts.hpp), `words` its text as search looks
-- at it. Where it was said last: null where its owner wrote it, and once that conversation is deleted. `bound`: known in
-- that conversation and nowhere else. `replaces` is what stood in its place before. `vector` belongs to its text by the
-- model that is named; no name: to nothing.
CREATE TABLE chat_memories (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  text TEXT NOT NULL,
  words TEXT NOT NULL,
  topic TEXT NOT NULL,
  conversation_id TEXT,
  message_id TEXT,
  confidence DOUBLE PRECISION NOT NULL,
  pinned BOOLEAN NOT NULL,
  bound BOOLEAN NOT NULL,
  replaces TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  model TEXT NOT NULL,
  vector BYTEA
);

CREATE INDEX chat_memories_user ON chat_memories (user_id, updated_at, id);

-- Which of them an answer was given.
CREATE TABLE chat_memory_uses (
  message_id TEXT NOT NULL,
  memory_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (message_id, memory_id)
);

CREATE INDEX chat_memory_uses_memory ON chat_memory_uses (memory_id, used_at);
CREATE INDEX chat_memory_uses_user ON chat_memory_uses (user_id);

-- Null: what is usual. Whoever changes what is remembered of somebody holds their row.
CREATE TABLE chat_memory_settings (
  user_id TEXT PRIMARY KEY,
  policy TEXT
);

-- Of one conversation, where it is to be less than what its owner has chosen for all.
ALTER TABLE chat_conversations ADD COLUMN memory TEXT;
