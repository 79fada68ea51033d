-- What is on its way in, piece by piece: recordings, and files that are uploaded so that they can be resumed.
-- `episode_id` is where it goes; a recording has one once it is finished, at the latest. `expected` is how many bytes
-- there will be, where that was said; `received` is how many there are, all of them counted by the meter of storage.
-- `joins` is told when it is finished: pieces numbered below it are joined. `reservation` holds minutes of recording.
-- `metadata` is what its sender said of a file, in the form of tus. Done or dropped, its pieces go, and then its row.
CREATE TABLE podcasts_intakes (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  podcast_id TEXT NOT NULL,
  episode_id TEXT,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  media_type TEXT NOT NULL,
  name TEXT NOT NULL,
  metadata TEXT NOT NULL,
  expected BIGINT,
  received BIGINT NOT NULL,
  joins BIGINT NOT NULL,
  reservation TEXT,
  held_seconds BIGINT NOT NULL,
  job_id TEXT,
  created_at BIGINT NOT NULL,
  touched_at BIGINT NOT NULL
);

CREATE INDEX podcasts_intakes_user ON podcasts_intakes (user_id, kind, id);
CREATE INDEX podcasts_intakes_podcast ON podcasts_intakes (podcast_id);
CREATE INDEX podcasts_intakes_episode ON podcasts_intakes (episode_id);
CREATE INDEX podcasts_intakes_state ON podcasts_intakes (state, touched_at);

-- `number` is that of a recording's chunk, and where in its file a piece begins.
CREATE TABLE podcasts_pieces (
  intake_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  storage_key TEXT NOT NULL,
  PRIMARY KEY (intake_id, number)
);
