import { guarded } from "../../../../../lib/guard";
import { prisma } from "../../../../../lib/prisma";
import { ownStory } from "../../../../../lib/stories";

export const POST = guarded("stories.listen", 100, async ({ user, params }) => {
  await ownStory(params.storyId, user.id);
  const { listenCount, lastListenedAt } = await prisma.story.update({
    where: { id: params.storyId }, data: { listenCount: { increment: 1 }, lastListenedAt: new Date() },
  });
  return { listenCount, lastListenedAt };
});
