-- Reservations that a node holds for many short pieces of work say until when: it renews them while it lives.
ALTER TABLE billing_reservations ADD COLUMN expires_at BIGINT;

CREATE INDEX billing_reservations_expiring ON billing_reservations (expires_at) WHERE expires_at IS NOT NULL;
