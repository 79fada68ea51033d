-- Children's own characters. Lists are JSON. What was learnt of how one looks, so that pictures match: visual_profile.
CREATE TABLE stories_heroes (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  age BIGINT NOT NULL,
  traits TEXT NOT NULL,
  appearance TEXT NOT NULL,
  abilities TEXT NOT NULL,
  avatar_key TEXT,
  avatar_prompt TEXT,
  avatar_generation_id TEXT,
  avatar_job_id TEXT,
  visual_profile TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX stories_heroes_of ON stories_heroes (user_id, created_at);

-- What people make stories of beside what is built in.
CREATE TABLE stories_custom_events (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  prompt_seed TEXT NOT NULL,
  keywords TEXT NOT NULL,
  category TEXT NOT NULL,
  age_range TEXT,
  tone TEXT NOT NULL,
  language TEXT NOT NULL,
  pictogram_key TEXT,
  pictogram_emoji TEXT,
  usage_count BIGINT NOT NULL,
  last_used_at BIGINT,
  is_favorite BOOLEAN NOT NULL,
  ai_enhanced BOOLEAN NOT NULL,
  original_prompt TEXT,
  enhance_job_id TEXT,
  pictogram_job_id TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX stories_custom_events_of ON stories_custom_events (user_id, created_at);

-- Stories; the name is taken. A hero or an event that is deleted leaves its name or its prompt. What is asked for and
-- not written yet has no content, a reservation and a job. Sentences of the narration with their times are JSON, as
-- are scenes.
CREATE TABLE stories_tales (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  hero_id TEXT,
  hero_name TEXT NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  language TEXT NOT NULL,
  event_type TEXT,
  custom_event_id TEXT,
  custom_event_prompt TEXT,
  status TEXT NOT NULL,
  error TEXT,
  wish TEXT NOT NULL,
  tier TEXT NOT NULL,
  reservation TEXT NOT NULL,
  request_key TEXT,
  job_id TEXT NOT NULL,
  scenes TEXT NOT NULL,
  text_model TEXT NOT NULL,
  audio_key TEXT,
  audio_seconds DOUBLE PRECISION,
  audio_at BIGINT,
  audio_model TEXT,
  voice TEXT,
  narrated TEXT,
  audio_job_id TEXT,
  illustrations_job_id TEXT,
  listen_count BIGINT NOT NULL,
  last_listened_at BIGINT,
  is_favorite BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX stories_tales_of ON stories_tales (user_id, created_at);
CREATE INDEX stories_tales_of_hero ON stories_tales (hero_id);
CREATE UNIQUE INDEX stories_tales_of_request ON stories_tales (user_id, request_key);

-- Pictures of a story. `previous_generation_id` is the picture that one was made to match: the chain begins at the
-- hero's avatar. One that `is_timed` comes at the time that was asked for, others where their scene is told.
CREATE TABLE stories_illustrations (
  id TEXT PRIMARY KEY,
  story_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  image_key TEXT,
  prompt TEXT NOT NULL,
  scene TEXT NOT NULL,
  is_timed BOOLEAN NOT NULL,
  model TEXT,
  generation_id TEXT,
  previous_generation_id TEXT,
  starts_at DOUBLE PRECISION NOT NULL,
  seconds DOUBLE PRECISION,
  display_order BIGINT NOT NULL,
  status TEXT NOT NULL,
  error TEXT,
  retry_count BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX stories_illustrations_of ON stories_illustrations (story_id, display_order);
CREATE INDEX stories_illustrations_of_person ON stories_illustrations (user_id);

-- What people upload: under upload_key, until it is confirmed and kept under storage_key; what is not goes when its time
-- is over. What became a hero's or an event's picture has no row here.
CREATE TABLE stories_files (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_size BIGINT NOT NULL,
  mime_type TEXT NOT NULL,
  upload_key TEXT NOT NULL,
  storage_key TEXT NOT NULL,
  category TEXT NOT NULL,
  entity_id TEXT,
  confirmed_at BIGINT,
  expires_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX stories_files_of ON stories_files (user_id);
CREATE INDEX stories_files_expiring ON stories_files (expires_at);

-- Objects that nobody has: any more, or yet. They go once they are due.
CREATE TABLE stories_leftovers (
  storage_key TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  due_at BIGINT NOT NULL
);
CREATE INDEX stories_leftovers_of ON stories_leftovers (user_id);
