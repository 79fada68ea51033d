"""The stories product: heroes and stories read and written by many people at once, beside its spec's own stack; a story from
the wish to its sound and pictures; storybook drawing."""
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import time
import urllib.request

from harness import BUILD, ROOT, ROUNDS, Served, cpu_seconds, family, free_port
from servers import Odeon, PASSWORD, POSTGRES, Postgres

PEERS = ROOT / "build/npm/stories-peer"
AT_ONCE, PEOPLE = 100, 500  # at once; who come in each round
CONNECTIONS = 20  # of the peer to PostgreSQL
HERO = {"name": "Mila", "age": 6, "traits": ["brave", "curious"], "abilities": ["talks to owls"],
        "appearance": "Curly brown hair, green eyes, a yellow raincoat and red boots"}


def sql(address, text):
    done = subprocess.run([POSTGRES / "psql", "-qXAt", "-v", "ON_ERROR_STOP=1", address], input=text, capture_output=True,
                          text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def visit(prefix, token, person):
    """What one person does: looks at what there is, adds a hero, changes things, and tidies up."""
    hero, story = f"{prefix}/heroes/hero_bench", f"{prefix}/stories/story_bench"
    requests = [("GET", f"{prefix}/heroes"), ("POST", f"{prefix}/heroes", HERO),
                ("GET", f"{hero}_1_{person}?includeStories=true"), ("PATCH", f"{hero}_1_{person}", {"age": 7}),
                ("GET", f"{prefix}/stories"), ("GET", f"{story}_1_{person}"),
                ("PATCH", f"{story}_1_{person}", {"isFavorite": True}), ("POST", f"{story}_1_{person}/listen"),
                ("DELETE", f"{story}_2_{person}"), ("DELETE", f"{hero}_2_{person}")]
    return "".join(" ".join([method, path, token, *map(json.dumps, body)]) + "\n" for method, path, *body in requests)


def furnish_odeon(odeon, address, tokens):
    """Two heroes and two stories for everybody, copies of what one person had made; returns the story."""
    signed = {"Authorization": "Bearer " + tokens[0][1]}
    _, made = odeon.call("POST", "/stories/api/heroes", HERO, signed)
    hero = made["hero"]["id"]
    status, made = odeon.call("POST", "/stories/api/stories", {"heroId": hero, "eventType": "bedtime", "generateAudio": False},
                              signed)
    if status != 201:
        raise SystemExit(f"a story: {status} {made}")
    everybody = ", ".join(f"({i}, '{account}')" for i, (account, _) in enumerate(tokens))
    for table, id, kind, more in (("stories_heroes", hero, "hero", ""),
                                  ("stories_tales", made["story"]["id"], "story", ", 'hero_id', 'hero_bench_' || k || '_' || n")):
        sql(address, f"""INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object(
              'id', '{kind}_bench_' || k || '_' || n, 'user_id', account{more}))).*
            FROM {table} t, (VALUES {everybody}) AS people (n, account), generate_series(1, 2) AS k WHERE t.id = '{id}';
            DELETE FROM {table} WHERE id = '{id}'; ANALYZE {table};""")
    return made["story"]


def furnish_peer(address, tokens, story):
    quoted = lambda text: "'" + text.replace("'", "''") + "'"
    listed = lambda words: "ARRAY[" + ", ".join(map(quoted, words)) + "]"
    people = f"(VALUES {', '.join(f'({i}, {quoted(token)})' for i, (_, token) in enumerate(tokens))}) AS people (n, token)"
    sql(address, (PEERS / "schema.sql").read_text() + f"""
        INSERT INTO "User" (id, email) SELECT 'user_' || n, 'reader-' || n || '@example.com' FROM {people};
        INSERT INTO "Session" SELECT 'session_' || n, 'user_' || n, token, now() + interval '30 days', now() FROM {people};
        INSERT INTO "Hero" (id, "userId", name, age, traits, appearance, abilities, "updatedAt")
          SELECT 'hero_bench_' || k || '_' || n, 'user_' || n, {quoted(HERO['name'])}, 6, {listed(HERO['traits'])},
            {quoted(HERO['appearance'])}, {listed(HERO['abilities'])}, now() FROM {people}, generate_series(1, 2) AS k;
        INSERT INTO "Story" (id, "userId", "heroId", "heroName", title, content, "eventType", "updatedAt")
          SELECT 'story_bench_' || k || '_' || n, 'user_' || n, 'hero_bench_' || k || '_' || n, {quoted(HERO['name'])},
            {quoted(story['title'])}, {quoted(story['content'])}, 'bedtime', now() FROM {people}, generate_series(1, 2) AS k;
        ANALYZE;""")


def build_peer():
    """Prisma's own engines are binaries that npm does not carry, so it compiles its queries in JavaScript and talks to PostgreSQL
    by `pg` (engineType "client"), as its later versions always do; the program named here is never run."""
    subprocess.run([ROOT / "scripts/npm-install", ROOT / "bench/peers/stories", PEERS], check=True)
    shutil.copytree(ROOT / "bench/peers/stories", PEERS, dirs_exist_ok=True)
    for step in (["prisma/build/index.js", "generate"], ["next/dist/bin/next", "build"]):
        done = subprocess.run(["node", PEERS / "node_modules" / step[0], *step[1:]], cwd=PEERS, capture_output=True, text=True,
                              env={**os.environ, "DATABASE_URL": "postgres://unused", "NEXT_TELEMETRY_DISABLED": "1",
                                   "CHECKPOINT_DISABLE": "1", "PRISMA_SCHEMA_ENGINE_BINARY": "/bin/true"})
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)


def start_peer(address, traits):
    port = free_port()
    return Served(["node", PEERS / "node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", str(port)], port,
                  cwd=PEERS, env={**os.environ, "DATABASE_URL": address, "NODE_ENV": "production", "TRAITS": json.dumps(traits),
                                  "CONNECTIONS": str(CONNECTIONS), "NEXT_TELEMETRY_DISABLED": "1"})


class Side:
    def __init__(self, name, server, prefix, postgres, tokens):
        self.name, self.server, self.prefix, self.postgres, self.tokens = name, server, prefix, postgres, tokens

    def round(self, folder, number):
        """Requests a second, milliseconds p50, p95 and p99, and CPU microseconds a request of server and database."""
        first = number * PEOPLE
        (script := folder / "visits").write_text(
            "\n".join(visit(self.prefix, token, first + i) for i, (_, token) in enumerate(self.tokens[first:first + PEOPLE])))
        cpu = lambda: (cpu_seconds(family(self.server.process.pid)), self.postgres.cpu())
        before = cpu()
        done = subprocess.run([BUILD / "bench/crowd_bench", str(self.server.port), str(AT_ONCE), script], capture_output=True,
                              text=True)
        used = [(after - earlier) for after, earlier in zip(cpu(), before)]
        if done.returncode:
            raise SystemExit(f"{self.name}: {done.stderr}")
        requests, seconds, *times = map(float, done.stdout.split())
        return requests / seconds, *times, *(seconds / requests * 1e6 for seconds in used)


def crud(folder):
    build_peer()
    os.chmod(folder, 0o755)
    with contextlib.ExitStack() as running:
        postgres = Postgres(folder / "stories-postgres")
        running.callback(postgres.stop)
        ours, theirs = postgres.fresh_database(), postgres.fresh_database()
        odeon = Odeon(folder / "stories-odeon", DATABASE_URL=ours)
        running.callback(odeon.stop)
        count = (ROUNDS + 1) * PEOPLE
        tokens = [line.split() for line in subprocess.run([BUILD / "bench/readers_bench", ours, str(count)], check=True,
                                                           capture_output=True, text=True).stdout.splitlines()]
        furnish_peer(theirs, tokens, furnish_odeon(odeon, ours, tokens))
        traits = [trait["id"] for trait in odeon.call("GET", "/stories/api/meta")[1]["traits"]]
        peer = start_peer(theirs, traits)
        running.callback(peer.stop)
        sides = [Side("odeon", odeon, "/stories/api", postgres, tokens), Side("Next.js + Prisma", peer, "/api", postgres, tokens)]
        rounds = [[side.round(folder, number) for side in sides] for number in range(ROUNDS + 1)][1:]  # the first warms up
    print(f"heroes and stories, {AT_ONCE} people at once, {PEOPLE} visits of ten requests, the same PostgreSQL, one process each;\n"
          "CPU a request: the server's + PostgreSQL's", flush=True)
    medians = [[statistics.median(round[i][figure] for round in rounds) for figure in range(6)] for i in range(len(sides))]
    for side, (rate, p50, p95, p99, cpu, database) in zip(sides, medians):
        print(f"  {side.name:32} {rate:>10,.0f} /s   p50 {p50:7.2f} ms   p95 {p95:7.2f} ms   p99 {p99:7.2f} ms   "
              f"{cpu:7.1f} + {database:5.1f} µs CPU"
              + ("" if side is sides[0] else f"   ratio {rate and medians[0][0] / rate:.1f}, CPU {cpu / medians[0][4]:.1f}"),
              flush=True)


def job_ended(odeon, job, token):
    """Listens to its events, as an app does."""
    request = urllib.request.Request(f"http://127.0.0.1:{odeon.port}/stories/api/jobs/{job}/events",
                                     headers={"Authorization": "Bearer " + token})
    with urllib.request.urlopen(request, timeout=120) as events:
        for line in events:
            if line.startswith(b"data:") and (state := json.loads(line[5:])["state"]) in ("completed", "failed", "cancelled"):
                if state != "completed":
                    raise SystemExit(f"a job {state}: {line}")
                return
    raise SystemExit("a job's events broke off")


def story(folder):
    """From the wish to text, sound and three pictures, offline, of a server that has nothing else to do."""
    odeon = Odeon(folder / "story")
    try:
        for language in ("en", "de"):
            # A person each: one has stories illustrated five times an hour.
            status, answer = odeon.call("POST", "/stories/api/auth/signup",
                                        {"email": f"parent.{language}@example.com", "password": PASSWORD + " 7A"})
            if status != 201:
                raise SystemExit(f"signing up: {answer}")
            token = answer["session"]["token"]
            signed = {"Authorization": "Bearer " + token}
            hero = odeon.call("POST", "/stories/api/heroes", HERO, signed)[1]["hero"]["id"]
            took, cpu, minutes = [], [], []
            for _ in range(ROUNDS):
                before, began = cpu_seconds([odeon.process.pid]), time.perf_counter()
                status, made = odeon.call("POST", "/stories/api/stories",
                                          {"heroId": hero, "eventType": "bedtime", "language": language, "generateAudio": True,
                                           "generateIllustrations": True, "illustrationCount": 3}, signed)
                if status != 201:
                    raise SystemExit(f"a story: {status} {made}")
                for job in ("audioGeneration", "illustrationGeneration"):
                    job_ended(odeon, made["jobs"][job]["id"], token)
                took.append(time.perf_counter() - began)
                cpu.append(cpu_seconds([odeon.process.pid]) - before)
                told = odeon.call("GET", f"/stories/api/stories/{made['story']['id']}?includeIllustrations=true", None, signed)[1]
                told = told["story"]
                if not told["audioUrl"] or len(told["illustrations"]) != 3:
                    raise SystemExit(f"a story without sound or pictures: {told}")
                minutes.append(told["audioDuration"] / 60)
            print(f"{f'story ({language}, {statistics.median(minutes):.1f} min), sound, three pictures':46} "
                  f"{statistics.median(took):6.2f} s   {statistics.median(cpu):6.2f} s CPU   mark ≤ 3 s", flush=True)
    finally:
        odeon.stop()


def storybook(_):
    rounds = []
    for _ in range(ROUNDS):
        out = subprocess.run([BUILD / "bench/storybook_bench"], check=True, capture_output=True, text=True).stdout
        rounds.append({name: float(value) for name, value in (line.split() for line in out.splitlines())})
    for name, what in (("scene", "illustration 1024 × 1024, of every place"), ("portrait", "portrait 1024 × 1024"),
                       ("pictogram", "pictogram 512 × 512"), ("png", "an illustration as PNG"), ("jpeg", "as JPEG")):
        print(f"{what:46} {statistics.median(round[name] for round in rounds):6.1f} ms CPU", flush=True)
