-- How large the sound is, for feeds; 0 where that was not noted.
ALTER TABLE stories_tales ADD COLUMN audio_bytes BIGINT NOT NULL DEFAULT 0;

-- The address of a person's private podcast feed. Its token is derived from `salt` and a secret of the server; to look
-- it up, its hash is enough.
CREATE TABLE stories_private_feeds (
  user_id TEXT PRIMARY KEY,
  salt TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  made_at BIGINT NOT NULL
);
