-- A library that a person brings along from the former app: the ZIP, under upload_key until it has ended, and how that
-- went. What was left out, and why, is JSON.
CREATE TABLE stories_imports (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  upload_key TEXT NOT NULL,
  job_id TEXT NOT NULL,
  state TEXT NOT NULL,
  skipped TEXT NOT NULL,
  error TEXT,
  created_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX stories_imports_of ON stories_imports (user_id);

-- What came with one, by what it was called there, so that nothing comes twice.
CREATE TABLE stories_imported (
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  source_id TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  import_id TEXT NOT NULL,
  PRIMARY KEY (user_id, kind, source_id)
);
CREATE INDEX stories_imported_with ON stories_imported (import_id);
