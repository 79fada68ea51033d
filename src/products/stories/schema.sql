-- What a person prefers in this product. No row: nothing was chosen.
CREATE TABLE stories_profiles (
  user_id TEXT PRIMARY KEY,
  language TEXT NOT NULL,
  theme TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
