-- When an erasure begins, and where its receipt is sent. Once done, `mail` is empty.
ALTER TABLE privacy_erasures ADD COLUMN due_at BIGINT;
ALTER TABLE privacy_erasures ADD COLUMN mail TEXT NOT NULL DEFAULT '';
