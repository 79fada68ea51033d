-- Which product's events are, so that they go with what that product keeps of a person.
ALTER TABLE notify_events ADD COLUMN product TEXT NOT NULL DEFAULT '';
