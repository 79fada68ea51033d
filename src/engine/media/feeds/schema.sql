-- The addresses of people's private podcast feeds, one for each product. A token is derived from `salt` and a secret of
-- the server; to look it up, its hash is enough.
CREATE TABLE feeds_private (
  product TEXT NOT NULL,
  user_id TEXT NOT NULL,
  salt TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (product, user_id)
);
