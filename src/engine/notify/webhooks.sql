-- Where people want to be told of what happens. The secrets are sealed where the house has a key for that.
CREATE TABLE notify_endpoints (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  product TEXT NOT NULL,
  url TEXT NOT NULL,
  events TEXT NOT NULL,
  secret TEXT NOT NULL,
  old_secret TEXT NOT NULL,
  old_secret_until BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  failing_since BIGINT,
  disabled_at BIGINT,
  disabled_because TEXT NOT NULL
);

CREATE INDEX notify_endpoints_owner ON notify_endpoints (owner, product);

-- What is told, once for all endpoints, until every attempt is over.
CREATE TABLE notify_events (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX notify_events_owner ON notify_events (owner);
CREATE INDEX notify_events_created ON notify_events (created_at);

-- The last attempts of each endpoint, for its owner to look at. A status of 0: there was no answer.
CREATE TABLE notify_attempts (
  id TEXT PRIMARY KEY,
  endpoint_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  attempt BIGINT NOT NULL,
  status BIGINT NOT NULL,
  fault TEXT NOT NULL,
  made_at BIGINT NOT NULL
);

CREATE INDEX notify_attempts_endpoint ON notify_attempts (endpoint_id, id);
