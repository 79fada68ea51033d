-- One row a job, kept until it is pruned. Only jobs that still have something to do stand in an index
-- (beside the key), so what has ended costs the living nothing.
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  lane TEXT NOT NULL,
  lane_limit BIGINT NOT NULL,
  priority BIGINT NOT NULL,
  -- run_at + priority * ageing: written once, and yet who waits longer comes first.
  rank BIGINT NOT NULL,
  -- When it became ready, or will; for a waiting parent, when to look again at its children.
  run_at BIGINT NOT NULL,
  attempt BIGINT NOT NULL DEFAULT 0,
  max_attempts BIGINT NOT NULL,
  -- Counts claims. Whoever holds an older number has lost the job.
  fence BIGINT NOT NULL DEFAULT 0,
  owner BIGINT,
  percent BIGINT NOT NULL DEFAULT 0,
  stage TEXT NOT NULL DEFAULT '',
  message TEXT NOT NULL DEFAULT '',
  error TEXT,
  started_at BIGINT,
  ended_at BIGINT,
  idempotency_key TEXT,
  parent TEXT
);
CREATE INDEX jobs_ready ON jobs (lane, rank) WHERE state = 'ready';
CREATE INDEX jobs_running ON jobs (lane, owner) WHERE state = 'running';
CREATE INDEX jobs_due ON jobs (run_at) WHERE state IN ('scheduled', 'waiting');
CREATE INDEX jobs_failed ON jobs (ended_at) WHERE state = 'failed';
CREATE UNIQUE INDEX jobs_once ON jobs (kind, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX jobs_children ON jobs (parent, ended_at) WHERE parent IS NOT NULL;

-- The lanes that may have ready jobs. The lowest turn is served next; no turn: the lane is empty or has
-- as many jobs running as it may. priority is that of its first job.
CREATE TABLE jobs_lanes (
  lane TEXT PRIMARY KEY,
  turn BIGINT,
  priority BIGINT NOT NULL,
  max_running BIGINT NOT NULL
);
CREATE INDEX jobs_lanes_turn ON jobs_lanes (turn) WHERE turn IS NOT NULL;

-- Who runs jobs, until when that is believed, how many at once, and of which kinds.
CREATE TABLE jobs_workers (
  id BIGINT PRIMARY KEY,
  lease_until BIGINT NOT NULL,
  slots BIGINT NOT NULL
);
CREATE TABLE jobs_worker_kinds (
  worker BIGINT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (worker, kind)
);

-- How long jobs of a kind take: an exponentially weighted mean in microseconds.
CREATE TABLE jobs_durations (
  kind TEXT PRIMARY KEY,
  mean DOUBLE PRECISION NOT NULL,
  samples BIGINT NOT NULL
);

CREATE TABLE jobs_schedules (
  name TEXT PRIMARY KEY,
  fired_at BIGINT NOT NULL
);
