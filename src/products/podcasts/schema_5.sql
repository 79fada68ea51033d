-- Artwork of podcasts and episodes: files in storage below a folder of its id, of `bytes` together, which are never changed.
-- `subject_id` is whose it is; none while it is on its way there. It is kept as long as that has it (`kept_until` is none
-- then) or until that moment: what was replaced is still named by feeds that were read before.
-- `artwork_url` of podcasts and of episodes is an address of the web, or the path of one of these below the product's own.
CREATE TABLE podcasts_artwork (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  subject_id TEXT,
  media_type TEXT NOT NULL,
  side BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  kept_until BIGINT,
  created_at BIGINT NOT NULL
);

CREATE INDEX podcasts_artwork_subject ON podcasts_artwork (subject_id);
CREATE INDEX podcasts_artwork_user ON podcasts_artwork (user_id, id);
CREATE INDEX podcasts_artwork_kept ON podcasts_artwork (kept_until);
