-- Purchases whose place another has taken: an upgrade, or the same bought again. Their plan ended with that, whatever
-- the store still says of them.
CREATE TABLE billing_google_replaced (
  token TEXT PRIMARY KEY,
  replaced_by TEXT NOT NULL,
  replaced_at BIGINT NOT NULL
);
