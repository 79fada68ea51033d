#!/usr/bin/python3
"""Many nodes of the finished program on one PostgreSQL and one Redis: cluster_test.py ODEON SOURCE_DIR

Two APIs and three workers. Nodes are killed at random while briefings are asked for and watched; then Redis,
then PostgreSQL. Clients are Python's http.client and the websockets library; the voice is a stand-in for a
Kokoro server, so that the machine's time goes into the cluster and not into speech.
"""
import asyncio
import http.client
import http.server
import json
import os
import pathlib
import pwd
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import websockets

from program import Voice

ODEON, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
FEEDS = ",".join(str(path) for path in sorted((SOURCE / "examples/feeds").glob("*.xml")))
POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
PATIENCE = 240  # seconds; machines are slow under sanitizers
ROUNDS, APIS_KILLED, WORKERS_KILLED = 3, 2, 3  # in each; a briefing is tried four times, so no round can use it up
LISTENERS = 4


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def waits_until(what, condition, patience=PATIENCE):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"in {patience} s it did not come about that {what}")


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
        return True
    except OSError:
        return False


class Postgres:
    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.user = {}
        if os.geteuid() == 0:
            entry = pwd.getpwnam("postgres")
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            self.user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        subprocess.run([POSTGRES / "initdb", "-D", folder / "data", "-U", "odeon", "-A", "trust", "--locale=C", "-E", "UTF8"],
                       check=True, cwd="/", stdout=subprocess.DEVNULL, **self.user)
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [POSTGRES / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-k", self.folder,
             "-c", "max_connections=200"], cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.user)
        waits_until("PostgreSQL answers", lambda: self.query("SELECT 1") == "1")

    def kill(self):
        """As if the machine had lost its power: the postmaster and every process of its."""
        self.process.kill()
        self.process.wait()
        waits_until("no process of the database is left", lambda: not [self.kill_one(pid) for pid in self.left()])

    def left(self):
        for entry in pathlib.Path("/proc").glob("[0-9]*/cwd"):
            try:
                if entry.readlink() == self.folder / "data":
                    yield int(entry.parent.name)
            except OSError:
                pass

    @staticmethod
    def kill_one(pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        return pid

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)

    def url(self):
        return f"postgres://odeon@127.0.0.1:{self.port}/postgres"

    def query(self, sql):
        done = subprocess.run([POSTGRES / "psql", "-qtAX", "-d", self.url(), "-c", sql], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else None


class Redis:
    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.start()

    def start(self):
        self.process = subprocess.Popen(["redis-server", "--port", str(self.port), "--save", "", "--dir", self.folder],
                                        stdout=subprocess.DEVNULL)
        waits_until("Redis answers", lambda: answers(self.port))

    def stop(self):
        self.process.kill()
        self.process.wait()


class Node:
    """One `odeon serve`, which may be killed and started again on its port."""

    def __init__(self, role, cluster):
        self.role, self.cluster, self.port = role, cluster, free_port()
        self.start()

    def start(self):
        self.log = open(self.cluster.data / f"{self.role}-{self.port}.log", "ab")
        self.process = subprocess.Popen(
            [ODEON, "serve", "--port", str(self.port), "--role", self.role, "--data", self.cluster.data],
            stdout=subprocess.DEVNULL, stderr=self.log, cwd=self.cluster.data,
            env={**os.environ, "BRIEFINGS_FEEDS": FEEDS, "BRIEFINGS_QUOTES": str(SOURCE / "examples/quotes.csv"),
                 "DATABASE_URL": self.cluster.postgres.url(), "REDIS_URL": f"redis://127.0.0.1:{self.cluster.redis.port}",
                 "KOKORO_URL": f"http://127.0.0.1:{self.cluster.voice.server_port}", "ODEON_JOB_LEASE_SECONDS": "3"})
        waits_until(f"a node of role {self.role} listens", lambda: answers(self.port))

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.log.close()


class Cluster:
    def __init__(self, folder):
        self.data = folder / "data"
        self.data.mkdir()
        (folder / "postgres").mkdir()
        self.postgres, self.redis = Postgres(folder / "postgres"), Redis(folder)
        self.voice = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Voice)
        threading.Thread(target=self.voice.serve_forever, daemon=True).start()
        self.apis = [Node("api", self) for _ in range(2)]
        self.workers = [Node("worker", self) for _ in range(3)]

    def stop(self):
        for node in self.apis + self.workers:
            node.stop()
        self.voice.shutdown()
        self.redis.stop()
        self.postgres.stop()

    def call(self, method, path, body=None, token=None):
        """The answer of whichever API is there: (status, headers, JSON)."""
        api = random.choice(self.apis)
        connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=PATIENCE)
        try:
            headers = {"Content-Type": "application/json", **({"Authorization": "Bearer " + token} if token else {})}
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            reply = connection.getresponse()
            return reply.status, reply.headers, json.loads(reply.read() or "null")
        finally:
            connection.close()

    def insist(self, method, path, body=None, token=None):
        """As `call`, again while nodes are dying. What a lost answer did stays done."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                status, headers, answer = self.call(method, path, body, token)
                if status != 503:
                    return status, answer
            except (OSError, http.client.HTTPException, ValueError):
                pass
            if time.monotonic() > end:
                raise AssertionError(f"{method} {path} was never answered")
            time.sleep(0.2)


class Listener:
    """A person with the dearest plan, who asks for briefings and watches them."""

    def __init__(self, cluster, name):
        self.cluster, self.mail = cluster, f"{name}@example.com"
        status, answer = cluster.insist("POST", "/auth/v1/signup", {"email": self.mail, "password": "correct horse battery"})
        if status == 409:
            status, answer = cluster.insist("POST", "/auth/v1/token?grant_type=password",
                                            {"email": self.mail, "password": "correct horse battery"})
        assert status == 200, answer
        self.token, self.user = answer["access_token"], answer["user"]["id"]
        subprocess.run([ODEON, "admin", "--data", cluster.data, "set-plan", self.mail, "briefings", "pro"], check=True,
                       stdout=subprocess.DEVNULL, env={**os.environ, "DATABASE_URL": cluster.postgres.url()})

    def ask(self):
        status, answer = self.cluster.insist("POST", "/briefings/api/briefings/personalized",
                                             {"tickers": ["AAPL", "TSLA"], "length": "short"}, self.token)
        assert status == 200 and answer["data"]["status"] == "queued", answer
        return answer["data"]["briefing_id"]

    def get(self, briefing):
        status, answer = self.cluster.insist("GET", f"/briefings/api/briefings/{briefing}", token=self.token)
        assert status == 200, answer
        return answer["data"]

    async def watch(self, briefing):
        """What is said to the end, from whichever node is there."""
        told, end = [], time.monotonic() + PATIENCE
        while time.monotonic() < end:
            api = random.choice(self.cluster.apis)
            try:
                address = f"ws://127.0.0.1:{api.port}/briefings/ws/briefings/{briefing}?token={self.token}"
                async with websockets.connect(address, open_timeout=10) as socket_:
                    async for message in socket_:
                        told.append(json.loads(message))
                    if told and told[-1]["status"] in ("ready", "failed"):
                        return told
            except (OSError, websockets.exceptions.WebSocketException, asyncio.TimeoutError):
                pass
            await asyncio.sleep(0.2)
        raise AssertionError(f"the watcher of {briefing} was not told the end: {told[-3:]}")


class ClusterTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.cluster = Cluster(pathlib.Path(folder.name))
        self.addCleanup(self.cluster.stop)

    def test_nothing_is_lost_whatever_dies(self):
        cluster = self.cluster
        listeners = [Listener(cluster, f"listener-{i}") for i in range(LISTENERS)]
        self.nodes_die(cluster, listeners)
        self.redis_dies(cluster, listeners[0])
        self.postgres_dies(cluster, listeners[0])

    def nodes_die(self, cluster, listeners):
        asked = []

        def under_way():
            ids = cluster.postgres.query("SELECT id FROM briefings_briefings WHERE status IN ('queued', 'processing')")
            return set(ids.split())

        def kill_nodes():
            for _ in range(ROUNDS):
                nodes = random.choices(cluster.apis, k=APIS_KILLED) + random.choices(cluster.workers, k=WORKERS_KILLED)
                for node in random.sample(nodes, len(nodes)):
                    node.kill()
                    time.sleep(0.3)
                    node.start()
                    time.sleep(0.7)
                hit = under_way()
                waits_until("what was hit is made", lambda: not hit & under_way())

        killer = threading.Thread(target=kill_nodes)
        killer.start()

        async def one(listener):
            while killer.is_alive():
                briefing = await asyncio.to_thread(listener.ask)
                asked.append((listener, briefing))
                told = await listener.watch(briefing)
                self.assertEqual(told[-1]["status"], "ready", told[-1])
                self.assertEqual(told[-1]["percent"], 100)

        async def all_of_them():
            await asyncio.gather(*(one(listener) for listener in listeners))

        asyncio.run(all_of_them())
        self.assertGreaterEqual(len(asked), LISTENERS)
        for listener, briefing in asked:
            self.assertEqual(listener.get(briefing)["status"], "ready")
        # What a lost answer had asked for is made as well, and all is counted once.
        waits_until("no briefing is under way", lambda: cluster.postgres.query(
            "SELECT count(*) FROM briefings_briefings WHERE status IN ('queued', 'processing')") == "0")
        for listener in listeners:
            made = cluster.postgres.query(
                f"SELECT count(*) FROM briefings_briefings WHERE status = 'ready' AND user_id = '{listener.user}'")
            counted = cluster.postgres.query(
                f"SELECT used || '/' || reserved FROM billing_usage WHERE user_id = '{listener.user}' AND meter = 'briefings'")
            self.assertEqual(counted, f"{made}/0")
        held = cluster.postgres.query("SELECT count(*) FROM billing_reservations")
        self.assertEqual(held, "0")

    def redis_dies(self, cluster, listener):
        cluster.redis.stop()
        briefing = listener.ask()
        told = asyncio.run(listener.watch(briefing))
        self.assertEqual(told[-1]["status"], "ready")
        status, _, health = cluster.call("GET", "/health")
        self.assertEqual((status, health["status"], self.dependency(health, "coordination")),
                         (200, "degraded", "unavailable"), health)
        cluster.redis.start()
        waits_until("Redis is found again",
                    lambda: self.dependency(cluster.call("GET", "/health")[2], "coordination") == "healthy")

    @staticmethod
    def dependency(health, name):
        return next(dependency["status"] for dependency in health["dependencies"] if dependency["name"] == name)

    def postgres_dies(self, cluster, listener):
        acknowledged = listener.ask()
        cluster.postgres.kill()
        status, headers, answer = cluster.call("GET", f"/briefings/api/briefings/{acknowledged}", token=listener.token)
        self.assertEqual(status, 503, answer)
        self.assertTrue(headers["Retry-After"])
        self.assertFalse(answer["success"])
        cluster.postgres.start()
        told = asyncio.run(listener.watch(acknowledged))
        self.assertEqual(told[-1]["status"], "ready")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
