-- Sign-ins by others that have begun: from when somebody is sent to a provider until they come back, once.
-- Neither the state nor what binds it to their browser is in here, and nothing of the person is known yet.
CREATE TABLE identity_oauth_states (
  state_hash TEXT PRIMARY KEY,
  binding_hash TEXT NOT NULL,
  provider TEXT NOT NULL,
  product TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  verifier TEXT NOT NULL,
  nonce TEXT NOT NULL,
  return_to TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX identity_oauth_states_expiry ON identity_oauth_states (expires_at);
