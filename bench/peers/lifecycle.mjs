// What is measured of a queue, the same for each, as jobs_bench measures Odeon's: jobs that do nothing go
// through their whole life, and one at a time finds its worker idle.
//   node PEER.mjs URL JOBS CONCURRENCY LONE
// prints a line of JSON when each part is done, so that the caller can look at the server's CPU in between:
//   {"name"}              ready to begin
//   {"rate", "cpu_us"}    jobs a second, CPU of this process a job
//   {"p50_us", "p99_us"}  from asking to start
import { readFileSync } from "node:fs";

const AT_ONCE = 1000; // jobs in one call, as in jobs_bench
const WARM_UP = 100;
const [url, ...numbers] = process.argv.slice(2);
const [jobs, concurrency, lone] = numbers.map(Number);

// `open` gets {url, concurrency, start}: the handler of a job calls start(its number). It gives
// {add(numbers), left(): how many jobs' ends are not stored yet, close()}.
export async function measure(packageName, open) {
  const startedAt = [];
  const queue = await open({ url, concurrency, start: (number) => (startedAt[number] = performance.now()) });
  let given = 0;

  const give = async (count) => {
    await queue.add(Array.from({ length: count }, () => given++));
  };
  const drained = async () => {
    while ((await queue.left()) > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  };

  await give(WARM_UP); // what is made when first used is made
  await drained();
  const { version } = JSON.parse(readFileSync(new URL(`node_modules/${packageName}/package.json`, import.meta.url)));
  console.log(JSON.stringify({ name: `${packageName} ${version}` }));

  const cpu = process.cpuUsage();
  const began = performance.now();
  while (given < WARM_UP + jobs) await give(Math.min(AT_ONCE, WARM_UP + jobs - given));
  await drained();
  const milliseconds = performance.now() - began;
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify({ rate: (jobs / milliseconds) * 1000, cpu_us: (used.user + used.system) / jobs }));

  const waits = [];
  for (let i = 0; i < lone; ++i) {
    const asked = performance.now();
    await give(1);
    await drained();
    waits.push((startedAt.at(-1) - asked) * 1000);
  }
  waits.sort((a, b) => a - b);
  const at = (share) => waits[Math.floor(share * (waits.length - 1))];
  await queue.close();

  const run = startedAt.filter(Boolean).length;
  if (run !== given) throw new Error(`${given} jobs were given and ${run} were run`);
  console.log(JSON.stringify({ p50_us: at(0.5), p99_us: at(0.99) }));
}
