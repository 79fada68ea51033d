-- What an account has of a product. No row: the product's default plan.
CREATE TABLE billing_subscriptions (
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  plan TEXT NOT NULL,
  status TEXT NOT NULL,
  current_period_end BIGINT,
  cancel_at_period_end BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, product)
);

-- What was used of a meter in one period, and what is spoken for by work under way.
CREATE TABLE billing_usage (
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  meter TEXT NOT NULL,
  period_start BIGINT NOT NULL,
  used BIGINT NOT NULL DEFAULT 0,
  reserved BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (user_id, product, meter, period_start)
);

-- One row for each reservation, so that each is settled or released exactly once.
CREATE TABLE billing_reservations (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  product TEXT NOT NULL,
  meter TEXT NOT NULL,
  period_start BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX billing_reservations_by_user ON billing_reservations (user_id, product);
