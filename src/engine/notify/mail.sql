-- Mails that are not out yet, by the job that sends them: they hold an address and often a link that opens an
-- account, so a mail is gone from here in the moment that it is sent.
CREATE TABLE notify_mails (
  job_id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  letter TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX notify_mails_user ON notify_mails (user_id);
CREATE INDEX notify_mails_created ON notify_mails (created_at);
