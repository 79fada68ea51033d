-- A subscription as its payment provider keeps it. `revision` grows with each look at the provider: who looked
-- before somebody else wrote looks again. Times in microseconds.
CREATE TABLE billing_contracts (
  provider TEXT NOT NULL,
  id TEXT NOT NULL,
  revision BIGINT NOT NULL,
  user_id TEXT NOT NULL,
  customer TEXT NOT NULL,
  product TEXT NOT NULL,
  plan TEXT NOT NULL,
  cycle TEXT NOT NULL,
  status TEXT NOT NULL,
  period_start BIGINT NOT NULL,
  period_end BIGINT NOT NULL,
  cancel_at_period_end BOOLEAN NOT NULL,
  past_due_since BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (provider, id)
);

CREATE INDEX billing_contracts_user ON billing_contracts (user_id, product);
CREATE INDEX billing_contracts_customer ON billing_contracts (provider, customer);
CREATE INDEX billing_contracts_period ON billing_contracts (period_end);

-- Who had their trial of a product: there is one in a lifetime.
CREATE TABLE billing_trials (
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, product)
);

-- The newest checkout of a person; earlier ones are closed, so that nobody pays twice.
CREATE TABLE billing_checkouts (
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  attempt BIGINT NOT NULL,
  provider TEXT NOT NULL,
  id TEXT NOT NULL DEFAULT '',
  url TEXT NOT NULL DEFAULT '',
  plan TEXT NOT NULL,
  cycle TEXT NOT NULL,
  request_key TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, product)
);

-- What was paid, or failed to be, in the smallest unit of the currency; one row for each invoice.
CREATE TABLE billing_payments (
  provider TEXT NOT NULL,
  invoice TEXT NOT NULL,
  contract TEXT NOT NULL,
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  plan TEXT NOT NULL,
  amount BIGINT NOT NULL,
  currency TEXT NOT NULL,
  status TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (provider, invoice)
);

CREATE INDEX billing_payments_user ON billing_payments (user_id, product, at);

-- Every webhook that was signed, once, until 30 days after it was applied.
CREATE TABLE billing_webhooks (
  provider TEXT NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  payload TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  applied_at BIGINT,
  result TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (provider, event_id)
);

CREATE INDEX billing_webhooks_applied ON billing_webhooks (applied_at);

-- The outside world of the sandbox: what Stripe would keep for itself.
CREATE TABLE billing_sandbox_checkouts (
  id TEXT PRIMARY KEY,
  checkout_order TEXT NOT NULL,
  state TEXT NOT NULL,
  contract TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL
);

CREATE TABLE billing_sandbox_contracts (
  id TEXT PRIMARY KEY,
  customer TEXT NOT NULL,
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  plan TEXT NOT NULL,
  cycle TEXT NOT NULL,
  status TEXT NOT NULL,
  period_start BIGINT NOT NULL,
  period_end BIGINT NOT NULL,
  cancel_at_period_end BOOLEAN NOT NULL,
  past_due_since BIGINT,
  had_trial BOOLEAN NOT NULL
);

CREATE INDEX billing_sandbox_contracts_customer ON billing_sandbox_contracts (customer);
