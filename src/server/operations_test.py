#!/usr/bin/python3
"""What operators do with the finished program: operations_test.py ODEON SOURCE_DIR

Restarts under load on a socket that outlives the processes.
"""
import http.client
import json
import os
import pathlib
import socket
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


class Server:
    """`odeon serve` on a socket that this test holds, by systemd's protocol, or on a port of its own."""

    def __init__(self, data, held=None, **environment):
        serve = [ODEON, "serve", "--port", "0", "--data", data]
        pass_fds = ()
        if held:
            # A shell, since only the process itself knows its number in time. Its descriptor 3 is the socket.
            serve = ["bash", "-c", f'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@" 3<&{held.fileno()} {held.fileno()}<&-', "-", *serve]
            pass_fds = (held.fileno(),)
        self.process = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=data,
                                        pass_fds=pass_fds, env={**os.environ, "BRIEFINGS_FEEDS": FEED, **environment})
        line = self.process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), f"the server did not start: {line!r}"
        self.port = int(line.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        assert self.process.wait(PATIENCE) == 0
        self.process.stdout.close()

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, path, json.dumps(body) if body is not None else None,
                           {"Content-Type": "application/json"})
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        return reply.status, content


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


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
