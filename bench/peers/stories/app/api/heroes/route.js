import { guarded } from "../../../lib/guard";
import { heroPage, newHero, query, shownHero } from "../../../lib/heroes";
import { prisma } from "../../../lib/prisma";

export const GET = guarded("heroes.list", 100, async ({ user, request }) => {
  const { limit, offset, sortBy, sortOrder } = heroPage.parse(query(request));
  const where = { userId: user.id };
  const [heroes, total] = await Promise.all([
    prisma.hero.findMany({
      where, take: limit, skip: offset, orderBy: { [sortBy]: sortOrder },
      include: { visualProfile: true, _count: { select: { stories: true } } },
    }),
    prisma.hero.count({ where }),
  ]);
  return { heroes: heroes.map(shownHero), pagination: { total, limit, offset } };
});

export const POST = guarded("heroes.create", 10, async ({ user, request }) => {
  const data = newHero.parse(await request.json());
  return { status: 201, hero: shownHero(await prisma.hero.create({ data: { ...data, userId: user.id } })) };
});
