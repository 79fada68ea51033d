-- What Prisma's migration makes of prisma/schema.prisma. It is written out because the engine that would do it is a binary
-- that npm does not carry.
CREATE TABLE "User" (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, "subscriptionTier" TEXT NOT NULL DEFAULT 'free');
CREATE TABLE "Session" (
  id TEXT PRIMARY KEY,
  "userId" TEXT NOT NULL REFERENCES "User" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  token TEXT NOT NULL UNIQUE,
  "expiresAt" TIMESTAMP(3) NOT NULL,
  "updatedAt" TIMESTAMP(3) NOT NULL
);
CREATE INDEX ON "Session" ("userId");
CREATE TABLE "Hero" (
  id TEXT PRIMARY KEY,
  "userId" TEXT NOT NULL REFERENCES "User" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  name TEXT NOT NULL,
  age INTEGER NOT NULL,
  traits TEXT[],
  appearance TEXT NOT NULL,
  abilities TEXT[],
  "avatarUrl" TEXT,
  "avatarPrompt" TEXT,
  "avatarGenerationId" TEXT,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" TIMESTAMP(3) NOT NULL
);
CREATE INDEX ON "Hero" ("userId", "createdAt");
CREATE TABLE "HeroVisualProfile" (
  id TEXT PRIMARY KEY,
  "heroId" TEXT NOT NULL UNIQUE REFERENCES "Hero" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "hairColor" TEXT,
  "hairStyle" TEXT,
  "eyeColor" TEXT,
  "skinTone" TEXT,
  "clothingStyle" TEXT,
  "colorPalette" TEXT[],
  accessories TEXT[],
  "artStyle" TEXT
);
CREATE TABLE "Story" (
  id TEXT PRIMARY KEY,
  "userId" TEXT NOT NULL REFERENCES "User" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "heroId" TEXT REFERENCES "Hero" (id) ON DELETE SET NULL ON UPDATE CASCADE,
  "heroName" TEXT NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT 'en',
  "eventType" TEXT,
  "audioUrl" TEXT,
  "audioGenerated" BOOLEAN NOT NULL DEFAULT false,
  "audioDuration" DOUBLE PRECISION,
  "voiceType" TEXT,
  "listenCount" INTEGER NOT NULL DEFAULT 0,
  "lastListenedAt" TIMESTAMP(3),
  "isFavorite" BOOLEAN NOT NULL DEFAULT false,
  "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updatedAt" TIMESTAMP(3) NOT NULL
);
CREATE INDEX ON "Story" ("userId", "createdAt");
CREATE INDEX ON "Story" ("heroId");
CREATE TABLE "StoryIllustration" (
  id TEXT PRIMARY KEY,
  "storyId" TEXT NOT NULL REFERENCES "Story" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "imageUrl" TEXT NOT NULL,
  "timestamp" DOUBLE PRECISION NOT NULL,
  "displayOrder" INTEGER NOT NULL
);
CREATE INDEX ON "StoryIllustration" ("storyId", "displayOrder");
