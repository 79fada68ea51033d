-- Who did what, for good: rows are added and never changed. `subject` is a keyed hash of the account's id, so
-- that what happened can be looked up for somebody who asks, and says nothing once they are gone.
CREATE TABLE privacy_audit (
  id TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  product TEXT NOT NULL,
  action TEXT NOT NULL,
  details TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE INDEX privacy_audit_subject ON privacy_audit (subject, id);

-- What somebody agreed to, or no longer does; the last one holds. `wording` names the text they saw.
CREATE TABLE privacy_consents (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  purpose TEXT NOT NULL,
  granted BOOLEAN NOT NULL,
  wording TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE INDEX privacy_consents_user ON privacy_consents (user_id, product, purpose, id);

-- Erasures and their receipts. Once done, `user_id` is empty.
CREATE TABLE privacy_erasures (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  rooms TEXT NOT NULL DEFAULT '[]',
  requested_at BIGINT NOT NULL,
  completed_at BIGINT
);

CREATE INDEX privacy_erasures_user ON privacy_erasures (user_id) WHERE completed_at IS NULL;
