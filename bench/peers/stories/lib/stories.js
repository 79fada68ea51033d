import { z } from "zod";
import { Failure } from "./guard";
import { page } from "./heroes";
import { prisma } from "./prisma";

export const storyChange = z.object({
  title: z.string().min(1).max(200).optional(),
  content: z.string().min(1).max(20_000).optional(),
  isFavorite: z.boolean().optional(),
});
export const storyPage = page.extend({
  heroId: z.string().max(64).optional(),
  eventType: z.string().max(60).optional(),
  language: z.enum(["en", "es", "fr", "de", "it"]).optional(),
  isFavorite: z.enum(["true", "false"]).optional(),
  sortBy: z.enum(["createdAt", "listenCount"]).default("createdAt"),
});
export const shown = {
  hero: { select: { id: true, name: true, avatarUrl: true } },
  _count: { select: { illustrations: true } },
};

export async function ownStory(id, userId, include) {
  const story = await prisma.story.findFirst({ where: { id, userId }, include });
  if (!story) throw new Failure(404, "NOT_FOUND", "There is no such story.");
  return story;
}

export function shownStory({ userId, _count, ...story }) {
  return { ...story, illustrationCount: _count.illustrations };
}
