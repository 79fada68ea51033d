-- Files that people bring to a question. One belongs to the message that it was sent with; until then nobody keeps it
-- for longer than a day. What is removed is nobody's any more, and goes as soon as its object has gone.
CREATE TABLE chat_attachments (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  tokens BIGINT NOT NULL,
  storage_key TEXT NOT NULL,
  conversation_id TEXT,
  message_id TEXT,
  removed BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX chat_attachments_user ON chat_attachments (user_id, id);
CREATE INDEX chat_attachments_conversation ON chat_attachments (conversation_id);
CREATE INDEX chat_attachments_message ON chat_attachments (message_id);

-- Pictures and films that models make for people. `wish` and `files` are JSON; `cost` is in nano-dollars.
-- `request_key` is the client's own name of the request: it is carried out once.
CREATE TABLE chat_creations (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  conversation_id TEXT,
  kind TEXT NOT NULL,
  prompt TEXT NOT NULL,
  wish TEXT NOT NULL,
  tier TEXT NOT NULL,
  request_key TEXT,
  job_id TEXT NOT NULL,
  status TEXT NOT NULL,
  files TEXT NOT NULL,
  model TEXT NOT NULL,
  cost BIGINT NOT NULL,
  error_code TEXT NOT NULL,
  error TEXT NOT NULL,
  removed BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT
);

CREATE UNIQUE INDEX chat_creations_request ON chat_creations (user_id, request_key);
CREATE INDEX chat_creations_user ON chat_creations (user_id, kind, id);
CREATE INDEX chat_creations_conversation ON chat_creations (conversation_id);
