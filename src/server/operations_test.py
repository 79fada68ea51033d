#!/usr/bin/python3
"""What operators do with the finished program: operations_test.py ODEON SOURCE_DIR

Restarts under load on a socket that outlives the processes, and backup and restore of the embedded parts while
people write.
"""
import http.client
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ODEON, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
FEED = str(SOURCE / "examples/feeds/meridian-wire.xml")
PATIENCE = 240  # seconds; machines are slow under sanitizers
RESTARTS = 5
PASSWORD = "correct horse battery"


class Server:
    """`odeon serve` on a socket that this test holds, by systemd's protocol, or on a port of its own."""

    def __init__(self, data, held=None, **environment):
        serve = [ODEON, "serve", "--port", "0", "--data", data]
        pass_fds = ()
        if held:
            # A shell, since only the process itself knows its number in time. Its descriptor 3 is the socket.
            serve = ["bash", "-c", f'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@" 3<&{held.fileno()} {held.fileno()}<&-', "-", *serve]
            pass_fds = (held.fileno(),)
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=self.log, text=True, cwd=data,
                                        pass_fds=pass_fds, env={**os.environ, "BRIEFINGS_FEEDS": FEED, **environment})
        line = self.process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), f"the server did not start: {line!r} {self.said()}"
        self.port = int(line.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        assert self.process.wait(PATIENCE) == 0, self.said()
        self.process.stdout.close()
        self.log.close()

    def said(self):
        """Its log, and what a sanitizer has to say."""
        return os.pread(self.log.fileno(), 1 << 20, 0).decode(errors="replace")

    def call(self, method, path, body=None, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, path, json.dumps(body) if body is not None else None,
                           {"Content-Type": "application/json", **headers})
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        return reply.status, content

    def sign_up(self, mail):
        return self.call("POST", "/auth/v1/signup", {"email": mail, "password": PASSWORD})[0]

    def sign_in(self, mail):
        return self.call("POST", "/auth/v1/token?grant_type=password", {"email": mail, "password": PASSWORD})[0]

    def edition(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            body = json.loads(self.call("GET", "/briefings/api/briefings/general/latest")[1])
            if body["success"]:
                return body["data"]
            time.sleep(0.05)
        raise AssertionError("no edition was made")


class Client(threading.Thread):
    """Asks without pause; remembers every failure. Nothing is tried twice."""

    REQUEST = b"GET /docs/products.json HTTP/1.1\r\nHost: localhost\r\n%b\r\n"

    def __init__(self, port, keeps):
        super().__init__()
        self.port, self.keeps = port, keeps
        self.answered, self.connections, self.failures, self.done = 0, 0, [], False

    def run(self):
        connection = None
        while not self.done:
            try:
                connection = self.ask(connection)
                self.answered += 1
            except (OSError, AssertionError) as failure:
                self.failures.append(f"{'kept' if self.keeps else 'new'}: {failure!r}")
                connection = None
        if connection:
            connection.close()

    def connect(self):
        self.connections += 1
        connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def ask(self, connection):
        connection = connection or self.connect()
        connection.sendall(self.REQUEST % (b"" if self.keeps else b"Connection: close\r\n"))
        said = b""
        while b"\r\n\r\n" not in said:
            said += self.more(connection, said)
        head, _, body = said.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in head.split(b"\r\n"))}
        while len(body) < int(fields[b"content-length"]):
            body += self.more(connection, body)
        assert json.loads(body)["products"], body
        if fields.get(b"connection") != b"close":
            return connection
        assert connection.recv(1) == b"", "more than was announced"
        connection.close()
        return None

    @staticmethod
    def more(connection, so_far):
        some = connection.recv(65536)
        assert some, f"cut off after {so_far!r}"
        return some


class Restart(unittest.TestCase):
    def test_no_request_is_dropped(self):
        with tempfile.TemporaryDirectory() as data, socket.create_server(("127.0.0.1", 0), backlog=4096) as held:
            server = Server(data, held, ODEON_ROLE="api")
            self.assertEqual(server.port, held.getsockname()[1])
            clients = [Client(server.port, keeps=i % 2 == 0) for i in range(6)]
            for client in clients:
                client.start()
            try:
                for _ in range(RESTARTS):
                    before = [client.answered for client in clients]
                    server.stop()
                    server = Server(data, held, ODEON_ROLE="api")
                    # Every client is served by the new one before that goes too.
                    end = time.monotonic() + PATIENCE
                    while any(c.answered <= b and not c.failures for c, b in zip(clients, before)):
                        self.assertLess(time.monotonic(), end)
                        time.sleep(0.05)
            finally:
                for client in clients:
                    client.done = True
                for client in clients:
                    client.join()
                server.stop()
            self.assertEqual([failure for client in clients for failure in client.failures], [])
            for client in clients[::2]:  # those that keep their connections change at restarts alone
                self.assertLessEqual(client.connections, 3 * RESTARTS)
            print(f"{sum(client.answered for client in clients)} requests over {RESTARTS} restarts", file=sys.stderr)

    def test_refuses_what_is_no_socket(self):
        with tempfile.TemporaryDirectory() as data, open(os.devnull) as nothing:
            run = subprocess.run(
                ["bash", "-c", f'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@" 3<&{nothing.fileno()}', "-", ODEON, "serve", "--data", data],
                pass_fds=(nothing.fileno(),), capture_output=True, text=True)
            self.assertEqual(run.returncode, 1)
            self.assertIn("not a listening TCP socket", run.stderr)

    def test_a_socket_for_another_process_is_left_alone(self):
        with tempfile.TemporaryDirectory() as data:
            with Server(data, LISTEN_FDS="1", LISTEN_PID="1") as server:
                self.assertEqual(server.call("GET", "/health")[0], 200)


class Backup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.data, self.backup, self.elsewhere = (self.folder / name for name in ("data", "backup", "elsewhere"))
        self.data.mkdir()

    def odeon(self, *arguments, **environment):
        return subprocess.run([ODEON, *arguments], capture_output=True, text=True, cwd=self.folder,
                              env={**os.environ, **environment})

    def must(self, *arguments):
        run = self.odeon(*arguments)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def refused(self, *arguments, why, **environment):
        run = self.odeon(*arguments, **environment)
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn(why, run.stderr)

    def test_backup_while_people_write_then_restore_elsewhere(self):
        with Server(self.data) as server:
            edition = server.edition()
            audio = server.call("GET", "/briefings/api/audio/" + edition["id"])[1]
            known, done = [], False

            def sign_up_people(name):
                while not done:
                    mail = f"{name}-{len(known)}-{os.urandom(4).hex()}@example.com"
                    if server.sign_up(mail) == 200:
                        known.append(mail)

            writers = [threading.Thread(target=sign_up_people, args=(f"writer{i}",)) for i in range(3)]
            for writer in writers:
                writer.start()
            try:
                end = time.monotonic() + PATIENCE
                while len(known) < 5 and time.monotonic() < end:
                    time.sleep(0.05)
                acknowledged = list(known)
                self.must("backup", "--data", self.data, self.backup)
            finally:
                done = True
                for writer in writers:
                    writer.join()
            self.assertGreaterEqual(len(acknowledged), 5)
            self.refused("backup", "--data", self.data, self.backup, why="is there already")
            self.refused("restore", "--data", self.data, self.backup, "--force", why="A server runs in")

        self.must("restore", "--data", self.elsewhere, self.backup)
        with Server(self.elsewhere) as server:
            self.assertEqual(server.edition()["id"], edition["id"])
            self.assertEqual(server.call("GET", "/briefings/api/audio/" + edition["id"])[1], audio)
            for mail in acknowledged:
                self.assertEqual(server.sign_in(mail), 200, mail)
        self.refused("restore", "--data", self.elsewhere, self.backup, why="holds data already")
        self.must("restore", "--data", self.elsewhere, self.backup, "--force")
        self.assertEqual(len(list(self.elsewhere.glob("replaced-*/odeon.db"))), 1)
        with Server(self.elsewhere) as server:
            self.assertEqual(server.sign_in(acknowledged[0]), 200)

    def test_refuses_what_is_not_whole(self):
        with Server(self.data) as server:
            server.edition()
            self.must("backup", "--data", self.data, self.backup)
        files = {file["path"]: file["bytes"] for file in json.loads((self.backup / "backup.json").read_text())["files"]}
        an_object = next(path for path in files if path.startswith("objects/"))

        def spoilt(name, spoil):
            copy = self.folder / name
            shutil.copytree(self.backup, copy)
            spoil(copy)
            return copy

        def change_list(copy, change):
            content = json.loads((copy / "backup.json").read_text())
            change(content)
            (copy / "backup.json").write_text(json.dumps(content))

        def cut(path, to):
            return lambda copy: os.truncate(copy / path, to)

        def scribble(copy):
            with open(copy / "odeon.db", "r+b") as file:
                file.seek(files["odeon.db"] // 2)
                file.write(os.urandom(40000))

        def cut_and_lie(copy):
            cut("odeon.db", files["odeon.db"] // 4096 // 2 * 4096)(copy)
            change_list(copy, lambda content: [file.update(bytes=(copy / file["path"]).stat().st_size)
                                               for file in content["files"]])

        def escape(copy):
            (self.folder / "outside").write_text("x")
            change_list(copy, lambda content: content["files"].append({"path": "objects/objects/../../../outside", "bytes": 1}))

        for why, copy in [
            ("odeon.db is missing or cut off", spoilt("cut", cut("odeon.db", files["odeon.db"] - 4096))),
            ("is missing or cut off", spoilt("cut-object", cut(an_object, 100))),
            ("is missing or cut off", spoilt("less", lambda copy: (copy / an_object).unlink())),
            ("no backup.json", spoilt("half", lambda copy: (copy / "backup.json").unlink())),
            ("The database is broken", spoilt("scribbled", scribble)),
            ("The database is broken", spoilt("lying", cut_and_lie)),
            ("not one that this version reads", spoilt("later", lambda copy: change_list(copy, lambda c: c.update(version=2)))),
            ("may not have", spoilt("escaping", escape)),
        ]:
            with self.subTest(copy.name):
                self.refused("restore", "--data", self.elsewhere, copy, why=why)
                self.assertFalse((self.elsewhere / "odeon.db").exists())
        # Nothing of those attempts is in the way.
        self.must("restore", "--data", self.elsewhere, self.backup)
        with sqlite3.connect(self.elsewhere / "odeon.db") as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))

    def test_postgresql_has_its_own_tools(self):
        for command in ("backup", "restore"):
            self.refused(command, "--data", self.data, self.backup, why="pg_dump", DATABASE_URL="postgres://x@127.0.0.1:1/y")

    def test_servers_share_a_folder_and_a_restore_does_not(self):
        with Server(self.data), Server(self.data):
            self.refused("restore", "--data", self.data, self.backup, why="not a whole backup")
        self.refused("backup", "--data", self.elsewhere, self.backup, why="There is no database")


class Metrics(unittest.TestCase):
    def test_have_a_listener_of_their_own_in_production(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with tempfile.TemporaryDirectory() as data:
            with Server(data, APP_ENV="production", ODEON_METRICS_ADDRESS=f"127.0.0.1:{port}") as server:
                self.assertEqual(server.call("GET", "/metrics")[0], 404)
                self.assertEqual(server.call("GET", "/health")[0], 200)
                server.port, main = port, server.port
                self.assertEqual(server.call("GET", "/health")[0], 404)
                status, text = server.call("GET", "/metrics")
                self.assertEqual(status, 200)
                self.assertRegex(text.decode(), r'(?m)^odeon_jobs_ready\{weight="heavy"\} \d+$')
                server.port = main

    def test_are_for_everybody_in_development_alone(self):
        with tempfile.TemporaryDirectory() as data:
            with Server(data) as server:
                self.assertEqual(server.call("GET", "/metrics")[0], 200)
            with Server(data, APP_ENV="production") as server:
                self.assertEqual(server.call("GET", "/metrics")[0], 404)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
