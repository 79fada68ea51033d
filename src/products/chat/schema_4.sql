-- Questions that are learnt from later, many at once. `batch` is the key of the ticket with which they were handed over;
-- empty: they still wait. `place` is theirs in it, `shown` (JSON) the ids of the memories that the model was shown.
CREATE TABLE chat_lessons (
  question_id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  batch TEXT NOT NULL,
  place BIGINT NOT NULL,
  shown TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE INDEX chat_lessons_batch ON chat_lessons (batch, place, created_at);
CREATE INDEX chat_lessons_user ON chat_lessons (user_id);

-- What is made outside of conversations is deleted by its age.
CREATE INDEX chat_creations_age ON chat_creations (created_at);
