-- One row a person, whatever products they use.
CREATE TABLE identity_accounts (
  id TEXT PRIMARY KEY,
  -- Normalised (mail.hpp). Persons who came by an outside issuer may have none.
  mail TEXT UNIQUE,
  -- Set only by proof that the person reads that mail.
  mail_verified_at BIGINT,
  password_hash TEXT,
  metadata TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  signed_in_at BIGINT,
  suspended_at BIGINT
);

-- Who a subject of an outside issuer is here.
CREATE TABLE identity_links (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  account_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_links_account ON identity_links (account_id);

-- A sign-in on one device, for one product: the family of its refresh tokens.
CREATE TABLE identity_sessions (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  product TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  refreshed_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX identity_sessions_living ON identity_sessions (account_id) WHERE ended_at IS NULL;
CREATE INDEX identity_sessions_refreshed ON identity_sessions (refreshed_at);

-- `salt` leads from a used token to the one that followed it, for whoever holds the token itself.
CREATE TABLE identity_refresh_tokens (
  hash TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  salt TEXT
);
CREATE INDEX identity_refresh_tokens_session ON identity_refresh_tokens (session_id);

CREATE TABLE identity_api_keys (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL,
  product TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Its first characters, by which a person tells keys apart.
  hint TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX identity_api_keys_account ON identity_api_keys (account_id);

-- What access tokens are signed with, shared by all nodes. The highest number signs, all of them verify.
CREATE TABLE identity_keys (
  number BIGINT PRIMARY KEY,
  private_pem TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
