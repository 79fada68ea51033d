-- What was said in an episode, and what is written about it. `transcript_revision` and `chapters_revision` are part of the
-- addresses at which the world reads them, and are new with every change; none where there is nothing to read.
-- `timed_source_id` is what was recorded when that was said, and `timed_cuts` what of it is left in the sound whose times
-- the transcript has: the JSON of podcasts_processing.edits, if it is known. `notes_by_model`: a model wrote the notes,
-- which the feed has to tell.
ALTER TABLE podcasts_episodes ADD COLUMN transcript_revision TEXT;
ALTER TABLE podcasts_episodes ADD COLUMN timed_source_id TEXT;
ALTER TABLE podcasts_episodes ADD COLUMN timed_cuts TEXT;
ALTER TABLE podcasts_episodes ADD COLUMN chapters_revision TEXT;
ALTER TABLE podcasts_episodes ADD COLUMN notes_by_model BOOLEAN NOT NULL DEFAULT FALSE;

-- A sound that is being transcribed, as far as that has come: what was heard in its pieces, so that work which was cut off
-- goes on there. `words` is JSON: [text, start, end] of each, in seconds of the sound. They go when the transcript is
-- written.
CREATE TABLE podcasts_heard_pieces (
  audio_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  episode_id TEXT NOT NULL,
  start_seconds DOUBLE PRECISION NOT NULL,
  end_seconds DOUBLE PRECISION NOT NULL,
  words TEXT NOT NULL,
  language TEXT NOT NULL,
  model TEXT NOT NULL,
  PRIMARY KEY (audio_id, number)
);

CREATE INDEX podcasts_heard_pieces_episode ON podcasts_heard_pieces (episode_id);
