import { guarded } from "../../../lib/guard";
import { query } from "../../../lib/heroes";
import { prisma } from "../../../lib/prisma";
import { shown, shownStory, storyPage } from "../../../lib/stories";

export const GET = guarded("stories.list", 100, async ({ user, request }) => {
  const { limit, offset, sortBy, sortOrder, isFavorite, ...filters } = storyPage.parse(query(request));
  const where = { userId: user.id, ...filters, ...(isFavorite && { isFavorite: isFavorite === "true" }) };
  const [stories, total] = await Promise.all([
    prisma.story.findMany({
      where, take: limit, skip: offset, orderBy: { [sortBy]: sortOrder }, include: { _count: shown._count },
    }),
    prisma.story.count({ where }),
  ]);
  return { stories: stories.map(shownStory), pagination: { total, limit, offset } };
});
