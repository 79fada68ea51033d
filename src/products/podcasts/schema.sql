-- Podcasts. `slug` is a feed's address and `guid` its name in the world (Podcasting 2.0): neither changes with the title.
-- `revision` grows with everything that the feed tells. `changed_at` is when that was, in whole seconds, and grows with
-- it, so that readers that only compare dates miss nothing.
CREATE TABLE podcasts_shows (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  slug TEXT NOT NULL UNIQUE,
  guid TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT,
  author TEXT,
  category TEXT,
  language TEXT NOT NULL,
  artwork_url TEXT,
  website_url TEXT,
  owner_email TEXT,
  type TEXT NOT NULL,
  is_explicit BOOLEAN NOT NULL,
  is_locked BOOLEAN NOT NULL,
  status TEXT NOT NULL,
  revision BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE INDEX podcasts_shows_user ON podcasts_shows (user_id, id);

-- `guid` is what listeners' apps know an episode by: it never changes. `source_id` is what was recorded or uploaded last,
-- `audio_id` what is heard; both are rows of podcasts_audio. The JSON ones are JSON.
CREATE TABLE podcasts_episodes (
  id TEXT PRIMARY KEY,
  podcast_id TEXT NOT NULL REFERENCES podcasts_shows (id),
  user_id TEXT NOT NULL,
  guid TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT,
  episode_number BIGINT,
  season_number BIGINT,
  type TEXT NOT NULL,
  artwork_url TEXT,
  source_id TEXT,
  audio_id TEXT,
  transcript TEXT,
  transcript_json TEXT,
  show_notes TEXT,
  show_notes_json TEXT,
  status TEXT NOT NULL,
  processing_status TEXT,
  processing_error TEXT,
  published_at BIGINT,
  scheduled_for BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE INDEX podcasts_episodes_show ON podcasts_episodes (podcast_id, id);
CREATE INDEX podcasts_episodes_user ON podcasts_episodes (user_id, id);
CREATE INDEX podcasts_episodes_feed ON podcasts_episodes (podcast_id, status, published_at);

-- Sounds in storage: as they came (`role` source) and as they are heard (finished). They are never changed in place.
-- `counted` is what of their bytes the meter of storage has. `reservation` holds minutes of recording until `seconds` is
-- known. What is removed is nobody's any more, and goes as soon as its object has gone; but what listeners heard, and
-- something else replaced at `replaced_at`, is kept for a while, for whoever is in the midst of it.
CREATE TABLE podcasts_audio (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  episode_id TEXT NOT NULL,
  role TEXT NOT NULL,
  storage_key TEXT NOT NULL,
  media_type TEXT NOT NULL,
  name TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  counted BIGINT NOT NULL,
  seconds DOUBLE PRECISION,
  reservation TEXT,
  removed BOOLEAN NOT NULL,
  replaced_at BIGINT,
  created_at BIGINT NOT NULL
);

CREATE INDEX podcasts_audio_episode ON podcasts_audio (episode_id);
CREATE INDEX podcasts_audio_user ON podcasts_audio (user_id, id);

-- An episode as lists and feeds want it: without its texts, with what is heard.
CREATE VIEW podcasts_episodes_heard AS
SELECT e.id, e.podcast_id, e.user_id, e.guid, e.title, e.description, e.episode_number, e.season_number, e.type,
  e.artwork_url, e.source_id, e.audio_id, e.status, e.processing_status, e.processing_error, e.published_at,
  e.scheduled_for, e.created_at, e.updated_at, a.storage_key AS audio_key, a.media_type AS audio_type,
  a.bytes AS audio_bytes, a.seconds AS audio_seconds
FROM podcasts_episodes e LEFT JOIN podcasts_audio a ON a.id = e.audio_id;
