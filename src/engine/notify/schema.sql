-- The devices that a person reads messages on, by the product whose app asked for them.
CREATE TABLE notify_push_tokens (
  product TEXT NOT NULL,
  token TEXT NOT NULL,
  user_id TEXT NOT NULL,
  platform TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (product, token)
);

CREATE INDEX notify_push_tokens_user ON notify_push_tokens (user_id, product, seen_at);

-- What became of a message on each device, for a day: so that a job that runs again leaves out whom it has
-- reached, and to ask for the receipt. An empty receipt_id: there is nothing to ask.
CREATE TABLE notify_push_tickets (
  job_id TEXT NOT NULL,
  token TEXT NOT NULL,
  receipt_id TEXT NOT NULL,
  sent_at BIGINT NOT NULL,
  PRIMARY KEY (job_id, token)
);

CREATE INDEX notify_push_tickets_receipt ON notify_push_tickets (receipt_id) WHERE receipt_id <> '';
CREATE INDEX notify_push_tickets_sent ON notify_push_tickets (sent_at);
