-- Jobs of each weight wait and run apart: a lane has a turn for its light jobs and one for its heavy ones. What was
-- enqueued before is light.
ALTER TABLE jobs ADD COLUMN weight TEXT NOT NULL DEFAULT 'light';
DROP INDEX jobs_ready;
CREATE INDEX jobs_ready ON jobs (lane, weight, rank) WHERE state = 'ready';

ALTER TABLE jobs_openings ADD COLUMN weight TEXT NOT NULL DEFAULT 'light';
ALTER TABLE jobs_workers ADD COLUMN heavy_slots BIGINT NOT NULL DEFAULT 0;

DROP TABLE jobs_lanes;
CREATE TABLE jobs_lanes (
  lane TEXT NOT NULL,
  weight TEXT NOT NULL,
  turn BIGINT,
  priority BIGINT NOT NULL,
  max_running BIGINT NOT NULL,
  PRIMARY KEY (lane, weight)
);
CREATE INDEX jobs_lanes_turn ON jobs_lanes (weight, turn) WHERE turn IS NOT NULL;
INSERT INTO jobs_lanes (lane, weight, turn, priority, max_running)
  SELECT lane, weight, 0, min(priority), max(lane_limit) FROM jobs WHERE state = 'ready' GROUP BY lane, weight;
