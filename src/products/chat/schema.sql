-- A conversation is a tree of messages; what is shown of it is the path from its beginning to `leaf_id`.
-- `words` is the title as search looks at it. `reservation` holds a place in the month's limit until a model answers.
CREATE TABLE chat_conversations (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  title TEXT NOT NULL,
  words TEXT NOT NULL,
  leaf_id TEXT NOT NULL,
  reservation TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE INDEX chat_conversations_user ON chat_conversations (user_id, updated_at, id);
CREATE INDEX chat_conversations_age ON chat_conversations (updated_at);

-- Answers to the same message are siblings: the branches. `parts` is JSON, `words` their text as search looks at it.
-- Of answers: who wrote it and why that model, what it used and cost (nano-dollars), how it ended.
CREATE TABLE chat_messages (
  id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  parent_id TEXT,
  role TEXT NOT NULL,
  parts TEXT NOT NULL,
  words TEXT NOT NULL,
  model TEXT NOT NULL,
  route_reason TEXT NOT NULL,
  input_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  cost BIGINT NOT NULL,
  finish TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX chat_messages_conversation ON chat_messages (conversation_id, id);

-- Public links. To look one up, the hash of its token is enough. They show the path to `leaf_id` as it was, or
-- nothing but that message.
CREATE TABLE chat_shares (
  token_hash TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  leaf_id TEXT NOT NULL,
  alone BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX chat_shares_conversation ON chat_shares (conversation_id);

-- What a person has chosen. No row, or null: what is usual.
CREATE TABLE chat_settings (
  user_id TEXT PRIMARY KEY,
  retention_days BIGINT,
  updated_at BIGINT NOT NULL
);
