-- PostgreSQL alone: lanes that were to be opened, until the next claim takes note. Whoever makes jobs ready
-- adds a row and is done; only claims touch jobs_lanes. So those who enqueue wait neither for one another
-- nor for who claims, and a job and the note of it come into sight together.
CREATE TABLE jobs_openings (
  lane TEXT NOT NULL,
  turn BIGINT NOT NULL,
  priority BIGINT NOT NULL,
  max_running BIGINT NOT NULL
);
