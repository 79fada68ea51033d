import { guarded } from "../../../../lib/guard";
import { heroChange, ownHero, query, shownHero } from "../../../../lib/heroes";
import { prisma } from "../../../../lib/prisma";

export const GET = guarded("heroes.read", 100, async ({ user, request, params }) => {
  const { includeStories, storyLimit } = query(request);
  const hero = await ownHero(params.heroId, user.id, {
    visualProfile: true,
    ...(includeStories === "true" && {
      stories: {
        select: { id: true, title: true, createdAt: true }, orderBy: { createdAt: "desc" },
        take: Math.min(Math.max(Number(storyLimit) || 10, 1), 100),
      },
    }),
  });
  return { hero: shownHero(hero) };
});

export const PATCH = guarded("heroes.change", 20, async ({ user, request, params }) => {
  const data = heroChange.parse(await request.json());
  await ownHero(params.heroId, user.id);
  const hero = await prisma.hero.update({ where: { id: params.heroId }, data, include: { visualProfile: true } });
  return { hero: shownHero(hero) };
});

export const DELETE = guarded("heroes.delete", 10, async ({ user, params }) => {
  await ownHero(params.heroId, user.id);
  const [affected] = await prisma.$transaction([
    prisma.story.updateMany({ where: { heroId: params.heroId }, data: { heroId: null } }),
    prisma.hero.delete({ where: { id: params.heroId } }),
  ]);
  return { success: true, storiesAffected: affected.count };
});
