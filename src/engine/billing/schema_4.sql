-- A reservation lasts as long as its work is under way, and remembers what was allowed when it was made: the plan's
-- limit (-1: none), and whether what passes it is paid for.
DELETE FROM billing_reservations WHERE state <> 'reserved';
ALTER TABLE billing_reservations DROP COLUMN state;
ALTER TABLE billing_reservations ADD COLUMN plan_limit BIGINT NOT NULL DEFAULT -1;
ALTER TABLE billing_reservations ADD COLUMN overage BOOLEAN NOT NULL DEFAULT FALSE;

-- Who was told that a limit is near or reached: once in a period.
CREATE TABLE billing_warnings (
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  meter TEXT NOT NULL,
  period_start BIGINT NOT NULL,
  percent BIGINT NOT NULL,
  told_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, product, meter, period_start, percent)
);

-- Who has turned overage on.
CREATE TABLE billing_overage_choices (
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  turned_on_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, product)
);

-- What was used past a limit, each once: the provider charges for it when it is reported.
CREATE TABLE billing_overages (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  meter TEXT NOT NULL,
  period_start BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  at BIGINT NOT NULL,
  reported_at BIGINT
);

CREATE INDEX billing_overages_user ON billing_overages (user_id, product, meter, period_start);

-- What calls of models cost, in billionths of a dollar; of nobody in particular: an empty user_id.
CREATE TABLE billing_ledger (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  operation TEXT NOT NULL,
  model TEXT NOT NULL,
  provider TEXT NOT NULL,
  cost BIGINT NOT NULL,
  tokens_in BIGINT NOT NULL,
  tokens_out BIGINT NOT NULL,
  units BIGINT NOT NULL,
  at BIGINT NOT NULL
);

CREATE INDEX billing_ledger_user ON billing_ledger (user_id, product, at);

-- What of a payment was given back, in its currency, and whether the bank was asked to take it back.
ALTER TABLE billing_payments ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0;
ALTER TABLE billing_payments ADD COLUMN disputed BOOLEAN NOT NULL DEFAULT FALSE;

-- What the sandbox was told of use past a limit.
CREATE TABLE billing_sandbox_overages (
  id TEXT PRIMARY KEY,
  contract TEXT NOT NULL,
  amount BIGINT NOT NULL,
  at BIGINT NOT NULL
);

CREATE INDEX billing_sandbox_overages_contract ON billing_sandbox_overages (contract, at);
