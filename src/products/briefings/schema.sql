-- One row for each briefing. One with a slot is an edition, which everybody shares: `slot` is the start of
-- its four hours (microseconds), so two nodes cannot make the same one twice. The others are somebody's own.
CREATE TABLE briefings_briefings (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL DEFAULT '',
  slot BIGINT UNIQUE,
  tier TEXT NOT NULL DEFAULT '',
  tickers TEXT NOT NULL DEFAULT '[]',
  seconds DOUBLE PRECISION NOT NULL DEFAULT 0,
  focus TEXT NOT NULL DEFAULT '',
  voice TEXT NOT NULL DEFAULT '',
  reservation TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  job_id TEXT NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  audio_key TEXT NOT NULL DEFAULT '',
  audio_bytes BIGINT NOT NULL DEFAULT 0,
  audio_md5 TEXT NOT NULL DEFAULT '',
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
  expires_at BIGINT
);

CREATE INDEX briefings_briefings_ready ON briefings_briefings (user_id, generated_at DESC) WHERE status = 'ready';
CREATE INDEX briefings_briefings_expiry ON briefings_briefings (expires_at);

-- The edition that a free listener got on a day (microseconds of its midnight): the same until the next.
CREATE TABLE briefings_days (
  user_id TEXT NOT NULL,
  day BIGINT NOT NULL,
  briefing_id TEXT NOT NULL,
  PRIMARY KEY (user_id, day)
);

-- What a listener chose.
CREATE TABLE briefings_profiles (
  user_id TEXT PRIMARY KEY,
  voice TEXT NOT NULL DEFAULT '',
  updated_at BIGINT NOT NULL
);

-- The stocks that somebody follows; shares and average cost in millionths. `reservation` holds the stock's
-- place in the plan's limit.
CREATE TABLE briefings_positions (
  user_id TEXT NOT NULL,
  ticker TEXT NOT NULL,
  shares BIGINT,
  average_cost BIGINT,
  priority BIGINT NOT NULL DEFAULT 5,
  reservation TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, ticker)
);

-- What is known of a feed between two readings: for conditional requests, and its articles for 304.
CREATE TABLE briefings_feeds (
  address TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  fetched_at BIGINT NOT NULL
);
