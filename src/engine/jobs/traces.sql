-- The traceparent of whoever asked for the job; its attempts are spans of that trace.
ALTER TABLE jobs ADD COLUMN trace TEXT;
