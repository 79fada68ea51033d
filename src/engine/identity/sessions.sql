-- A session is over at `ends_at` unless it is refreshed (or, with a token of its own, used) before.
ALTER TABLE identity_sessions ADD COLUMN ends_at BIGINT NOT NULL DEFAULT 0;
UPDATE identity_sessions SET ends_at = refreshed_at + 2592000000000;
-- The hash of the token that stands for the session itself, where its product has such tokens.
ALTER TABLE identity_sessions ADD COLUMN token_hash TEXT;
CREATE UNIQUE INDEX identity_sessions_token ON identity_sessions (token_hash);
DROP INDEX identity_sessions_refreshed;
CREATE INDEX identity_sessions_end ON identity_sessions (ends_at);
