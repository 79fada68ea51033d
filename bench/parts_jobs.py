"""The durable queue: its own figures, and beside those that others use."""
import contextlib
import json
import os
import statistics
import subprocess

from harness import BUILD, ROOT, ROUNDS, own
from servers import Postgres, Redis

JOBS, CONCURRENCY, LONE = 20_000, 100, 300
PEERS = ROOT / "build/npm/peers"


def measure(command, server):
    """What bench/peers/lifecycle.mjs says, and the CPU of the server that it talks to a job, while it does."""
    process = subprocess.Popen([*map(str, command), str(JOBS), str(CONCURRENCY), str(LONE)], stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "NO_LOG_SUCCESS": "1"})  # graphile-worker logs nothing either
    with process:
        found = json.loads(process.stdout.readline())
        before = server.cpu() if server else 0
        found |= json.loads(process.stdout.readline())
        found["server_us"] = (server.cpu() - before) / JOBS * 1e6 if server else 0
        found |= json.loads(process.stdout.readline())
    if process.returncode:
        raise SystemExit(f"{command[0]} failed")
    return found


def beside_peers(folder):
    subprocess.run([ROOT / "scripts/npm-install", ROOT / "bench/peers", PEERS], check=True)
    os.chmod(folder, 0o755)
    with contextlib.ExitStack() as running:
        def started(server):
            running.callback(server.stop)
            return server

        postgres, redis = started(Postgres(folder / "jobs-postgres")), started(Redis(folder / "jobs-redis"))
        address = postgres.fresh_database()
        jobs_bench = BUILD / "bench/jobs_bench"
        contestants = [("SQLite", None, [jobs_bench, f"sqlite:{folder}/jobs.db"]),
                       ("PostgreSQL", postgres, [jobs_bench, address]),
                       ("PostgreSQL", postgres, ["node", PEERS / "graphile-worker.mjs", address]),
                       ("Redis", redis, ["node", PEERS / "bullmq.mjs", redis.url()])]
        rounds = [[measure(command, server) for _, server, command in contestants] for _ in range(ROUNDS)]
    print(f"{JOBS} jobs in calls of 1000, {CONCURRENCY} at once, stored in batches where it can; then one at a time "
          "to an idle worker.\nCPU a job: its process + the server. Redis syncs its log once a second; the others each commit.")
    ours = 0
    for i, (server, *_) in enumerate(contestants):
        name, at = rounds[0][i]["name"], {key: statistics.median(round[i][key] for round in rounds)
                                          for key in ("rate", "cpu_us", "server_us", "p50_us", "p99_us")}
        if i == 1:
            ours = at["rate"]
        print(f"{name + ', ' + server:34} {at['rate']:>10,.0f} jobs/s {at['cpu_us']:6.1f} + {at['server_us']:4.1f} µs CPU   "
              f"asked to started p50 {at['p50_us'] / 1000:.2f} ms, p99 {at['p99_us'] / 1000:.2f} ms"
              + (f"   odeon on PostgreSQL: × {ours / at['rate']:.2f}" if i > 1 else ""), flush=True)


def jobs(folder):
    own("jobs")(folder)
    beside_peers(folder)
