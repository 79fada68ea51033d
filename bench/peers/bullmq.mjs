// bullmq: jobs are given in bulk and gone once they ended.
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { measure } from "./lifecycle.mjs";

await measure("bullmq", async ({ url, concurrency, start }) => {
  let left = 0;
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const options = { removeOnComplete: true };
  const queue = new Queue("bench", { connection, defaultJobOptions: options });
  const worker = new Worker("bench", async (job) => start(job.data.number), { connection, concurrency });
  worker.on("completed", () => --left);
  await worker.waitUntilReady();
  return {
    add: (numbers) => {
      left += numbers.length;
      return queue.addBulk(numbers.map((number) => ({ name: "nothing", data: { number } })));
    },
    left: () => left,
    close: async () => {
      await worker.close();
      await queue.close();
      connection.disconnect();
    },
  };
});
