-- Podcasts that come from another host, by `feed_url` or a file that was sent. `base_url` is where the product was reached
-- by whoever asked. Each item of the feed has a `number`, from the top: it is waiting, taken, known (here before) or
-- skipped, for a `reason`.
CREATE TABLE podcasts_imports (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  feed_url TEXT NOT NULL,
  base_url TEXT NOT NULL,
  podcast_id TEXT,
  job_id TEXT,
  state TEXT NOT NULL,
  error TEXT,
  created_at BIGINT NOT NULL
);

CREATE INDEX podcasts_imports_user ON podcasts_imports (user_id, feed_url);

CREATE TABLE podcasts_imported (
  import_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  episode_id TEXT,
  title TEXT NOT NULL,
  audio_url TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  PRIMARY KEY (import_id, number)
);

-- Of two imports that run at once, one begins the podcast.
CREATE UNIQUE INDEX podcasts_shows_known ON podcasts_shows (user_id, guid);
