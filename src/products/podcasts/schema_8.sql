-- `asked_language` is that in which a piece was to be heard: what is asked for in another is heard anew.
ALTER TABLE podcasts_heard_pieces ADD COLUMN asked_language TEXT NOT NULL DEFAULT '';

-- The language in which a transcript was to be heard; none where its owner has corrected it since.
ALTER TABLE podcasts_episodes ADD COLUMN transcript_heard_in TEXT;
