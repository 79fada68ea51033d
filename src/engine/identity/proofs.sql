-- What was sent to a mail address so that whoever reads it can prove that: one for each address and purpose.
-- The token of its link and the code are one secret in two forms; neither is in here.
CREATE TABLE identity_proofs (
  token_hash TEXT PRIMARY KEY,
  code_hash TEXT NOT NULL,
  account_id TEXT NOT NULL,
  mail TEXT NOT NULL,
  purpose TEXT NOT NULL,
  wrong_codes BIGINT NOT NULL DEFAULT 0,
  sent_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  UNIQUE (mail, purpose)
);
CREATE INDEX identity_proofs_expiry ON identity_proofs (expires_at);
