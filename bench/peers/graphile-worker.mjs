// graphile-worker with what its documentation recommends for speed: a local queue, completions in batches.
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import { measure } from "./lifecycle.mjs";

await measure("graphile-worker", async ({ url, concurrency, start }) => {
  const shared = { connectionString: url, logger: new Logger(() => () => {}) };
  const runner = await run({
    ...shared,
    noHandleSignals: true,
    taskList: { nothing: async ({ number }) => start(number) },
    preset: {
      worker: {
        concurrentJobs: concurrency,
        maxPoolSize: 12,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  });
  const utils = await makeWorkerUtils(shared);
  const rows = "SELECT count(*)::int AS left FROM graphile_worker._private_jobs"; // of jobs that have not ended
  return {
    add: (numbers) => utils.addJobs(numbers.map((number) => ({ identifier: "nothing", payload: { number } }))),
    left: async () => (await utils.withPgClient((client) => client.query(rows))).rows[0].left,
    close: async () => {
      await runner.stop();
      await utils.release();
    },
  };
});
