-- When their owner had all memories forgotten last: nothing is learnt any more from what was said until then.
ALTER TABLE chat_memory_settings ADD COLUMN forgotten_at BIGINT;
