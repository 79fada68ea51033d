-- One row for each general briefing; `slot` is the start of its four hours (microseconds), so two nodes
-- cannot make the same one twice.
CREATE TABLE briefings_editions (
  id TEXT PRIMARY KEY,
  slot BIGINT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  job_id TEXT NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  audio_key TEXT NOT NULL DEFAULT '',
  audio_bytes BIGINT NOT NULL DEFAULT 0,
  duration DOUBLE PRECISION NOT NULL DEFAULT 0,
  transcript TEXT NOT NULL DEFAULT '',
  captions TEXT NOT NULL DEFAULT '',
  sources TEXT NOT NULL DEFAULT '[]',
  ad_markers TEXT NOT NULL DEFAULT '[]',
  chapters TEXT NOT NULL DEFAULT '[]',
  script_model TEXT NOT NULL DEFAULT '',
  speech_model TEXT NOT NULL DEFAULT '',
  loudness DOUBLE PRECISION NOT NULL DEFAULT 0,
  true_peak DOUBLE PRECISION NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  generated_at BIGINT NOT NULL DEFAULT 0,
  expires_at BIGINT NOT NULL
);

CREATE INDEX briefings_editions_ready ON briefings_editions (generated_at DESC) WHERE status = 'ready';

-- What is known of a feed between two readings: for conditional requests, and its articles for 304.
CREATE TABLE briefings_feeds (
  address TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  fetched_at BIGINT NOT NULL
);
