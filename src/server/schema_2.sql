-- Two products had private feeds of their own; now the engine has them for all. It runs when all of their tables are there.
INSERT INTO feeds_private (product, user_id, salt, token_hash, made_at)
SELECT 'briefings', user_id, salt, token_hash, made_at FROM briefings_private_feeds;

INSERT INTO feeds_private (product, user_id, salt, token_hash, made_at)
SELECT 'stories', user_id, salt, token_hash, made_at FROM stories_private_feeds;

DROP TABLE briefings_private_feeds;
DROP TABLE stories_private_feeds;
