-- The work on an episode's sound. `options` is what its owner wants. `job_id` is the job that works for it, or did last:
-- another one is without effect, whatever it still does. `begun_at` is when that began. What was made is measured:
-- `measurements`, `edits` (what of the source is left, and where nobody is heard) and `waveform` are of what is heard,
-- which is of `source_id`; none until then. All are JSON.
CREATE TABLE podcasts_processing (
  episode_id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  options TEXT NOT NULL,
  job_id TEXT,
  begun_at BIGINT,
  source_id TEXT,
  measurements TEXT,
  edits TEXT,
  waveform TEXT
);

CREATE INDEX podcasts_processing_user ON podcasts_processing (user_id);
