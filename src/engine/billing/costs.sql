-- The tier of whoever paid for a call, as plans.toml names it; calls from before have none.
ALTER TABLE billing_ledger ADD COLUMN tier TEXT NOT NULL DEFAULT '';
CREATE INDEX billing_ledger_at ON billing_ledger (at);

-- What all calls of a day (UTC, "2026-11-30") cost together, in billionths of a dollar: of those before the instant in
-- billing_costs_summed. A job moves that instant on and adds what it passes, both in one transaction. If each call
-- added to its day by itself, all calls of a model would wait for one row.
CREATE TABLE billing_daily_costs (
  date TEXT NOT NULL,
  product TEXT NOT NULL,
  model TEXT NOT NULL,
  provider TEXT NOT NULL,
  tier TEXT NOT NULL,
  requests BIGINT NOT NULL,
  cost BIGINT NOT NULL,
  tokens_in BIGINT NOT NULL,
  tokens_out BIGINT NOT NULL,
  units BIGINT NOT NULL,
  PRIMARY KEY (date, product, model, provider, tier)
);
CREATE TABLE billing_costs_summed (until BIGINT NOT NULL);
INSERT INTO billing_costs_summed (until) VALUES (0);

-- The ledger with the date of each call. No function that makes a date of a number has the same name in SQLite and in
-- PostgreSQL, so this reckons it, in years that begin on the 1st of March, from 1968, 671 days before 1970: the leap day
-- is a year's last, and until February of 2100 every fourth year has one.
CREATE VIEW billing_calls AS
SELECT id, user_id, product, operation, model, provider, tier, cost, tokens_in, tokens_out, units, at,
  CAST(1968 + march_year + (march_month + 2) / 12 AS TEXT)
  || '-' || substr(CAST(101 + (march_month + 2) % 12 AS TEXT), 2)
  || '-' || substr(CAST(101 + day_of_year - (153 * march_month + 2) / 5 AS TEXT), 2) AS date
FROM (
  SELECT year_days.*, (5 * day_of_year + 2) / 153 AS march_month
  FROM (
    SELECT years.*, days - 1461 * march_year / 4 AS day_of_year
    FROM (
      SELECT numbered.*, (4 * days + 3) / 1461 AS march_year
      FROM (SELECT billing_ledger.*, at / 86400000000 + 671 AS days FROM billing_ledger) AS numbered
    ) AS years
  ) AS year_days
) AS months;

-- What calls cost by day, product, model, provider and tier, up to now: what was summed, and each call since.
CREATE VIEW billing_costs AS
SELECT date, product, model, provider, tier, requests, cost, tokens_in, tokens_out, units FROM billing_daily_costs
UNION ALL
SELECT date, product, model, provider, tier, 1, cost, tokens_in, tokens_out, units FROM billing_calls
WHERE at >= (SELECT until FROM billing_costs_summed);

-- For operators' own queries: every call that cost something, in US dollars, its time in UTC as text that both engines
-- take for a date, the tier as it is shown to people (PRO). A call of nobody in particular, or of somebody who was
-- erased, has no user_id. `WHERE DATE(timestamp) = …` reads the whole ledger; `at`, in microseconds, has an index.
CREATE VIEW cost_logs AS
SELECT id, NULLIF(user_id, '') AS user_id, model AS model_name, model, operation AS feature_name,
  cost / 1e9 AS cost_usd, tokens_in + tokens_out AS token_count,
  date || ' ' || substr(CAST(100 + at / 3600000000 % 24 AS TEXT), 2) || ':'
  || substr(CAST(100 + at / 60000000 % 60 AS TEXT), 2) || ':' || substr(CAST(100 + at / 1000000 % 60 AS TEXT), 2)
  AS timestamp, provider AS api_provider, UPPER(tier) AS tier, product, at
FROM billing_calls;

CREATE VIEW daily_costs AS
SELECT date, model, SUM(cost) / 1e9 AS total_cost, SUM(requests) AS request_count,
  SUM(tokens_in + tokens_out) AS total_tokens
FROM billing_costs GROUP BY date, model;
