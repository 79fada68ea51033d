-- Who was erased lately, and when. What was still under way for them is written down after that, and loses their name
-- here; then this is deleted, too.
CREATE TABLE billing_forgotten (
  user_id TEXT PRIMARY KEY,
  at BIGINT NOT NULL
);
