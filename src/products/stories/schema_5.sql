-- What drew a hero's portrait and an event's pictogram, and what enhanced an event; none of what people brought.
ALTER TABLE stories_heroes ADD COLUMN avatar_model TEXT;
ALTER TABLE stories_custom_events ADD COLUMN model TEXT;
ALTER TABLE stories_custom_events ADD COLUMN pictogram_model TEXT;

-- What could not be written can be asked for by the same request again.
UPDATE stories_tales SET request_key = NULL WHERE status = 'failed';
