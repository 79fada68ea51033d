import { z } from "zod";
import { Failure } from "./guard";
import { prisma } from "./prisma";

const trait = z.enum(JSON.parse(process.env.TRAITS ?? '["brave"]'));
export const newHero = z.object({
  name: z.string().min(1).max(100),
  age: z.number().int().min(1).max(18),
  traits: z.array(trait).min(1).max(5),
  appearance: z.string().min(1).max(500),
  abilities: z.array(z.string().min(1).max(60)).max(3).default([]),
});
export const heroChange = newHero.partial();
export const page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  offset: z.coerce.number().int().min(0).default(0),
  sortOrder: z.enum(["asc", "desc"]).default("desc"),
});
export const heroPage = page.extend({ sortBy: z.enum(["createdAt", "name"]).default("createdAt") });

export const query = (request) => Object.fromEntries(request.nextUrl.searchParams);

export async function ownHero(id, userId, include) {
  const hero = await prisma.hero.findFirst({ where: { id, userId }, include });
  if (!hero) throw new Failure(404, "NOT_FOUND", "There is no such hero.");
  return hero;
}

export function shownHero({ userId, _count, visualProfile, ...hero }) {
  if (visualProfile) delete visualProfile.id, delete visualProfile.heroId;
  return { ...hero, visualProfile: visualProfile ?? null, ...(_count && { storyCount: _count.stories }) };
}
