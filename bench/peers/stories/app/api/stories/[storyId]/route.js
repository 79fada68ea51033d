import { guarded } from "../../../../lib/guard";
import { query } from "../../../../lib/heroes";
import { prisma } from "../../../../lib/prisma";
import { ownStory, shown, shownStory, storyChange } from "../../../../lib/stories";

export const GET = guarded("stories.read", 100, async ({ user, request, params }) => {
  const illustrations = query(request).includeIllustrations === "true" && { orderBy: { displayOrder: "asc" } };
  const story = await ownStory(params.storyId, user.id, { ...shown, ...(illustrations && { illustrations }) });
  return { story: shownStory(story) };
});

export const PATCH = guarded("stories.change", 20, async ({ user, request, params }) => {
  const data = storyChange.parse(await request.json());
  await ownStory(params.storyId, user.id);
  const story = await prisma.story.update({ where: { id: params.storyId }, data, include: shown });
  return { story: shownStory(story), jobs: {} };
});

export const DELETE = guarded("stories.delete", 10, async ({ user, params }) => {
  await ownStory(params.storyId, user.id);
  await prisma.story.delete({ where: { id: params.storyId } });
  return { success: true };
});
