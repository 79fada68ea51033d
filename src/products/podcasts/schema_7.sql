-- `made`: what its job has made and not yet finished, in JSON of its own: an MP3 that is stored and not yet what is heard, with
-- all that is known of it; notes that are not in the sound's tag yet. A job that was cut off there has only to finish it.
ALTER TABLE podcasts_processing ADD COLUMN made TEXT;
