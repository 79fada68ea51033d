-- Where the listener lives (IANA), as last heard; empty: unknown.
ALTER TABLE briefings_profiles ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';
ALTER TABLE briefings_briefings ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';

-- The client's name for its request: asking again under it finds the same briefing.
ALTER TABLE briefings_briefings ADD COLUMN request_key TEXT;
CREATE UNIQUE INDEX briefings_briefings_request ON briefings_briefings (user_id, request_key);

-- Briefings that come by themselves: at `minute` of the day on `days` (bit 0 is Monday) by the clocks of
-- `time_zone`. `next_at` is when that is next, `reservation` holds the schedule's place in the limit.
CREATE TABLE briefings_schedules (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  minute BIGINT NOT NULL,
  days BIGINT NOT NULL,
  time_zone TEXT NOT NULL,
  request TEXT NOT NULL,
  reservation TEXT NOT NULL,
  next_at BIGINT NOT NULL,
  last_result TEXT,
  created_at BIGINT NOT NULL
);

CREATE INDEX briefings_schedules_user ON briefings_schedules (user_id, created_at);
CREATE INDEX briefings_schedules_next ON briefings_schedules (next_at);

-- The address of a listener's private podcast feed. Its token is derived from `salt` and a secret of the
-- server; to look it up, its hash is enough.
CREATE TABLE briefings_private_feeds (
  user_id TEXT PRIMARY KEY,
  salt TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  made_at BIGINT NOT NULL
);

-- What players report, for 30 days. The key tells a report that was sent twice. Position in milliseconds.
CREATE TABLE briefings_playback (
  user_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  briefing_id TEXT NOT NULL,
  event TEXT NOT NULL,
  position BIGINT NOT NULL,
  offline BOOLEAN NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (user_id, session_id, briefing_id, event, position)
);

CREATE INDEX briefings_playback_at ON briefings_playback (at);

CREATE TABLE briefings_performance (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  metric TEXT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  context TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE INDEX briefings_performance_at ON briefings_performance (at);

-- The first time that somebody hears a briefing, and whether to the end.
CREATE TABLE briefings_plays (
  user_id TEXT NOT NULL,
  briefing_id TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  completed BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (user_id, briefing_id)
);

CREATE INDEX briefings_plays_started ON briefings_plays (started_at);

-- The same by account and day (microseconds of its midnight, UTC), kept for good. Times in milliseconds.
CREATE TABLE briefings_listening (
  day BIGINT NOT NULL,
  user_id TEXT NOT NULL,
  started BIGINT NOT NULL DEFAULT 0,
  paused BIGINT NOT NULL DEFAULT 0,
  completed BIGINT NOT NULL DEFAULT 0,
  skipped BIGINT NOT NULL DEFAULT 0,
  offline BIGINT NOT NULL DEFAULT 0,
  plays BIGINT NOT NULL DEFAULT 0,
  plays_completed BIGINT NOT NULL DEFAULT 0,
  first_plays BIGINT NOT NULL DEFAULT 0,
  first_play_time BIGINT NOT NULL DEFAULT 0,
  audio_loads BIGINT NOT NULL DEFAULT 0,
  audio_load_time BIGINT NOT NULL DEFAULT 0,
  responses BIGINT NOT NULL DEFAULT 0,
  response_time BIGINT NOT NULL DEFAULT 0,
  network_errors BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (day, user_id)
);

-- What happened to followed stocks, for 30 days. `move` is the percent step that a price has passed.
CREATE TABLE briefings_market_events (
  id TEXT PRIMARY KEY,
  ticker TEXT NOT NULL,
  kind TEXT NOT NULL,
  move BIGINT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  url TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE INDEX briefings_market_events_at ON briefings_market_events (at);

-- Who was told of it.
CREATE TABLE briefings_alerts (
  user_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (user_id, event_id)
);

CREATE INDEX briefings_alerts_user ON briefings_alerts (user_id, at);
CREATE INDEX briefings_alerts_at ON briefings_alerts (at);

-- What a listener wants to be told of, where it is not the usual.
CREATE TABLE briefings_alert_wishes (
  user_id TEXT PRIMARY KEY,
  news BOOLEAN NOT NULL,
  prices BOOLEAN NOT NULL,
  price_move BIGINT NOT NULL
);

CREATE INDEX briefings_positions_ticker ON briefings_positions (ticker, user_id);
