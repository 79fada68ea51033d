-- The price that is paid, as its provider names it. Empty: it has no name, or nobody has asked since there is this.
ALTER TABLE billing_contracts ADD COLUMN price TEXT NOT NULL DEFAULT '';
