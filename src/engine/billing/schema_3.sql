-- What a checkout asks for, so that it is not taken for one in another currency or of another day's price; and until
-- when somebody can pay there (null: a day).
ALTER TABLE billing_checkouts ADD COLUMN currency TEXT NOT NULL DEFAULT 'usd';
ALTER TABLE billing_checkouts ADD COLUMN amount BIGINT NOT NULL DEFAULT 0;
ALTER TABLE billing_checkouts ADD COLUMN expires_at BIGINT;

-- What one US dollar was worth in a currency on a day (as the source dates it, "2026-11-27"), in millionths. Good
-- rates only: the newest holds until there is a better one. `looked_at` is when the source was last asked.
CREATE TABLE billing_rates (
  currency TEXT NOT NULL,
  date TEXT NOT NULL,
  rate BIGINT NOT NULL,
  looked_at BIGINT NOT NULL,
  PRIMARY KEY (currency, date)
);

-- The amount of a period in the sandbox, in the smallest unit; 0: what the plan costs in US dollars. Checkouts hold
-- their currency in their order; those from before would have none, and live a day at the most.
ALTER TABLE billing_sandbox_contracts ADD COLUMN currency TEXT NOT NULL DEFAULT 'usd';
ALTER TABLE billing_sandbox_contracts ADD COLUMN amount BIGINT NOT NULL DEFAULT 0;
DELETE FROM billing_sandbox_checkouts;
