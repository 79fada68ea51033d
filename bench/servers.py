"""Servers of a benchmark's own, in scratch folders: PostgreSQL, Redis, and the release binary."""
import http.client
import json
import os
import pwd
import pathlib
import re
import signal
import subprocess
import time

from harness import BUILD, Served, cpu_seconds, family, free_port

POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
PASSWORD = "correct horse battery"


class Postgres:
    """With everything on that makes commits durable, as it comes. As root it runs as the user postgres."""

    def __init__(self, folder):
        folder.mkdir()
        user = {}
        if os.geteuid() == 0:
            entry = pwd.getpwnam("postgres")
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        subprocess.run([POSTGRES / "initdb", "-D", folder / "data", "-U", "odeon", "-A", "trust", "--locale=C", "-E", "UTF8"],
                       check=True, cwd="/", stdout=subprocess.DEVNULL, **user)
        self.served = Served([POSTGRES / "postgres", "-D", folder / "data", "-p", str(port := free_port()), "-k", folder],
                             port, cwd="/", **user)
        self.name, self.databases = "PostgreSQL", 0

    def fresh_database(self):
        """The address of a new one."""
        self.databases += 1
        address = f"postgres://odeon@127.0.0.1:{self.served.port}/"
        for _ in range(100):  # its port answers before it has started
            done = subprocess.run([POSTGRES / "psql", "-qX", "-d", address + "postgres", "-c",
                                   f"CREATE DATABASE bench{self.databases}"], capture_output=True, text=True)
            if done.returncode == 0:
                return f"{address}bench{self.databases}"
            time.sleep(0.1)
        raise SystemExit(done.stderr)

    def cpu(self):
        return cpu_seconds(family(self.served.process.pid))

    def stop(self):
        self.served.process.send_signal(signal.SIGINT)  # without waiting for clients
        self.served.process.wait()


class Redis:
    """That writes its log to disk every second, as those run it who would keep their jobs."""

    def __init__(self, folder):
        folder.mkdir()
        self.served = Served(["redis-server", "--port", str(port := free_port()), "--save", "", "--appendonly", "yes",
                              "--appendfsync", "everysec", "--dir", folder], port)
        self.name = "Redis"

    def url(self):
        return f"redis://127.0.0.1:{self.served.port}"

    def cpu(self):
        return cpu_seconds(family(self.served.process.pid))

    def stop(self):
        self.served.stop()


class Odeon:
    """`odeon serve`, the release binary, which believes us from where a request comes."""

    def __init__(self, data, **environment):
        data.mkdir()
        self.data, self.environment = data, {**os.environ, "BRIEFINGS_FEEDS": "", "TRUSTED_PROXIES": "127.0.0.1", **environment}
        self.process = subprocess.Popen([BUILD / "odeon", "serve", "--port", "0", "--data", data], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, cwd=data, env=self.environment)
        line = self.process.stdout.readline()
        found = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)\n", line)
        if not found:
            raise SystemExit(f"odeon did not start: {line}")
        self.port = int(found.group(1))

    def call(self, method, path, body=None, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None,
                               {"Content-Type": "application/json", **headers})
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read() or "null")
        finally:
            connection.close()

    def sign_up(self, number):
        """The access token of a new person, who comes from an address of their own."""
        status, answer = self.call("POST", "/auth/v1/signup", {"email": f"listener-{number}@example.com", "password": PASSWORD},
                                   {"X-Forwarded-For": f"192.0.2.{number % 256}"})
        if status != 200:
            raise SystemExit(f"signing up: {answer}")
        return answer["access_token"]

    def set_plan(self, number, plan):
        subprocess.run([BUILD / "odeon", "admin", "--data", self.data, "set-plan", f"listener-{number}@example.com",
                        "briefings", plan], check=True, stdout=subprocess.DEVNULL, env=self.environment, cwd=self.data)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
