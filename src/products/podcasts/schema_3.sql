-- What was heard before, and stays in storage for a while: whoever is in the midst of it hears its end.
ALTER TABLE podcasts_audio ADD COLUMN replaced_at BIGINT;
