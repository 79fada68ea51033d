#!/usr/bin/python3
"""The finished program as its users meet it: process_test.py ODEON SOURCE_DIR

Starts the real binary in scratch folders and talks to it with tools that nobody here wrote: Python's
http.client, the websockets library, ffprobe and ffmpeg.
"""
import asyncio
import http.client
import json
import os
import pathlib
import re
import resource
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

import websockets

from program import ODEON, PATIENCE, SOURCE, Server, measured


class Process(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.data = pathlib.Path(self.folder.name)

    def test_makes_an_edition_that_strangers_can_play(self):
        with Server(self.data) as server:
            edition = server.edition()
            path = "/briefings/api/audio/" + edition["id"]
            reply, mp3 = server.get(path)
            file = self.data / "edition.mp3"
            file.write_bytes(mp3)
            probe, loudness, peak = measured(file)
            self.assertAlmostEqual(float(probe["format"]["duration"]), edition["duration"], delta=0.06)
            self.assertEqual(probe["format"]["tags"]["title"], edition["title"])
            briefing = server.json("/briefings/api/briefings/" + edition["id"])["data"]
            self.assertEqual([c["tags"]["title"] for c in probe["chapters"]],
                             [c["title"] for c in briefing["chapters"]])
            self.assertAlmostEqual(loudness, -16, delta=0.2)
            self.assertAlmostEqual(loudness, briefing["loudness"], delta=0.15)
            self.assertLessEqual(peak, -1.5)
            # Speech lies between the two slots, a pause from each: 170 s were ordered.
            opening, closing = briefing["ad_markers"]
            pause = 1.1
            speech = closing["position"] - opening["position"] - opening["duration"] - 2 * pause
            self.assertAlmostEqual(speech, 170, delta=170 * 0.05)

            reply, part = server.get(path, {"Range": "bytes=100-199"})
            self.assertEqual((reply.status, part), (206, mp3[100:200]))
            self.assertEqual(server.get(path, {"Range": "bytes=99999999-"})[0].status, 416)
            reply, nothing = server.get(path, method="HEAD")
            self.assertEqual((int(reply.headers["Content-Length"]), nothing), (len(mp3), b""))

    def test_a_killed_server_finishes_the_job_when_it_is_back(self):
        with Server(self.data) as server:
            with self.assertRaises(AssertionError):  # not there at once
                self.assertTrue(server.json("/briefings/api/briefings/general/latest")["success"])
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
        with Server(self.data) as server:  # the killed one's lease runs out within half a minute
            self.assertTrue(server.edition()["audio_url"].startswith("http://"))

    def test_stops_politely(self):
        with Server(self.data) as server:
            idle = socket.create_connection(("127.0.0.1", server.port))
            server.process.terminate()
            self.assertEqual(server.process.wait(PATIENCE), 0, server.said())
            self.assertEqual(idle.recv(1), b"")
            idle.close()
        with Server(self.data) as server:
            self.assertEqual(server.get("/health")[0].status, 200)

    def test_progress_is_seen_live(self):
        async def watch(server, path):
            async with websockets.connect(f"ws://127.0.0.1:{server.port}{path}") as ws:
                told = [json.loads(message) async for message in ws]
                return told, ws.close_code

        with Server(self.data) as server:
            edition = server.json("/briefings/api/briefings/general/current")["data"]
            told, code = asyncio.run(watch(server, "/briefings/ws/briefings/" + edition["id"]))
            percents = [message["percent"] for message in told]
            self.assertEqual(percents, sorted(percents))
            self.assertGreater(len(set(percents)), 2)
            self.assertEqual((told[-1]["status"], percents[-1], code), ("ready", 100, 1000))
            job = edition["job_id"]
            reply, events = server.get(f"/briefings/api/jobs/{job}/events")
            self.assertEqual(reply.headers["Content-Type"], "text/event-stream")
            self.assertIn(b'"state":"completed"', events)

    def test_a_full_disk_is_503_until_there_is_room(self):
        def disk_ends_at(size):  # in bytes of each file
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

        person = {"email": "ann@example.com", "password": "correct horse"}
        with Server(self.data, BRIEFINGS_FEEDS="") as server:
            disk_ends_at(1)
            status, headers, answer = server.post("/auth/v1/signup", person)
            self.assertEqual(status, 503, answer)
            self.assertGreater(int(headers["Retry-After"]), 0)
            self.assertNotIn(str(self.data), json.dumps(answer))
            self.assertNotIn("odeon.db", json.dumps(answer))
            disk_ends_at(resource.RLIM_INFINITY)
            status, _, answer = server.post("/auth/v1/signup", person)
            self.assertEqual(status, 200, answer)

    def test_a_job_waits_for_room_on_the_disk(self):
        if os.geteuid() != 0:
            self.skipTest("needs a small file system of its own")
        small = self.data / "small"
        small.mkdir()
        with Server(self.data, BRIEFINGS_FEEDS="") as server:
            needed = sum(file.stat().st_size for file in self.data.glob("odeon.db*"))
        size = f"size={needed // 1024 + 600}k"
        if subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(small)], capture_output=True).returncode:
            self.skipTest("mounting is not allowed here")
        try:
            with Server(small) as server:  # room for the database, not for the audio
                server.wait_for_metric('odeon_jobs_ended_total{kind="briefings.make",outcome="retried"}')
                subprocess.run(["mount", "-o", "remount,size=64m", str(small)], check=True)
                self.assertGreater(server.edition()["duration"], 100)
        finally:
            subprocess.run(["umount", "-l", str(small)], check=True)

    def test_says_what_is_wrong_with_a_configuration(self):
        config = self.data / "odeon.toml"
        config.write_text('[server]\nport = 99999\nprot = 1\n[briefings]\nfeeds = "x"\n')
        run = subprocess.run([ODEON, "check-config", "--config", str(config)], capture_output=True, text=True)
        self.assertEqual(run.returncode, 1)
        for fault in (":2: server.port:", ":3: server.prot: no such setting", ":5: briefings.feeds:"):
            self.assertIn(fault, run.stderr)

    def test_the_example_of_an_environment_is_usable(self):
        lines = re.findall(r"^#([A-Z0-9_]+=.+)$", (SOURCE / ".env.example").read_text(), re.M)
        self.assertGreater(len(lines), 20)
        (self.data / ".env").write_text("\n".join(lines))
        run = subprocess.run([ODEON, "check-config"], capture_output=True, text=True, cwd=self.data,
                             env={"PATH": os.environ["PATH"]})
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_the_official_supabase_client_works_unchanged(self):
        clients = SOURCE / "src/engine/identity/clients"
        installed = ODEON.parent / "npm/identity"
        subprocess.run([SOURCE / "scripts/npm-install", clients, installed], check=True)
        (self.data / "outbox").mkdir()
        with Server(self.data, BRIEFINGS_FEEDS="") as server:
            run = subprocess.run(["node", installed / "supabase.mjs", f"http://127.0.0.1:{server.port}",
                                  self.data / "outbox"], capture_output=True, text=True)
            self.assertEqual((run.returncode, run.stdout), (0, "ok\n"), run.stderr)

    def test_anybody_can_buy_in_the_sandbox_but_nobody_in_production(self):
        def ask(server, method, path, body=None, token=None, kind="application/json"):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
            headers = {"Content-Type": kind, **({"Authorization": "Bearer " + token} if token else {})}
            connection.request(method, path, body and json.dumps(body), headers)
            reply = connection.getresponse()
            return reply.status, reply.read().decode()

        def press(server, page, end):
            action = re.search(rf'action="(/pay/sandbox/[^"]*/{end})"', page).group(1)
            self.assertEqual(ask(server, "POST", action, kind="application/x-www-form-urlencoded")[0], 303)

        def status_of(server, token, wanted):
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                status = json.loads(ask(server, "GET", "/briefings/api/subscription/status", token=token)[1])["data"]
                if wanted(status):
                    return status
                time.sleep(0.05)
            self.fail(status)

        person = {"email": "ann@example.com", "password": "correct horse"}
        order = {"tier": "premium", "period": "yearly"}
        with Server(self.data) as server:
            token = json.loads(ask(server, "POST", "/auth/v1/signup", person)[1])["access_token"]
            status, made = ask(server, "POST", "/briefings/api/subscription/create-checkout", order, token)
            self.assertEqual(status, 200, made)
            path = json.loads(made)["data"]["checkout_url"].removeprefix(f"http://127.0.0.1:{server.port}")
            page = ask(server, "GET", path)[1]
            self.assertIn("$49.99 a year", page)
            press(server, page, "pay")
            status_of(server, token, lambda status: status["tier"] == "premium")
            back = re.search(r'href="http://[^/]*(/briefings/subscription/success[^"]*)"', ask(server, "GET", path)[1])
            self.assertEqual(ask(server, "GET", back.group(1))[0], 200)
            status, made = ask(server, "POST", "/briefings/api/subscription/manage", token=token)
            portal = json.loads(made)["data"]["portal_url"].removeprefix(f"http://127.0.0.1:{server.port}")
            press(server, ask(server, "GET", portal)[1], "cancel")
            status_of(server, token, lambda status: status["cancel_at_period_end"])
            self.assertEqual(ask(server, "POST", "/briefings/api/webhooks/stripe", {"id": "evt_1"})[0], 400)
        with Server(self.data, APP_ENV="production") as server:
            status, refused = ask(server, "POST", "/briefings/api/subscription/create-checkout", order, token)
            self.assertEqual((status, json.loads(refused)["error"]["code"]), (503, "PAYMENT_NOT_CONFIGURED"))
            self.assertEqual(ask(server, "GET", path)[0], 404)
            status_of(server, token, lambda status: status["tier"] == "free")

    def test_shows_no_secret_and_no_path(self):
        key, mail, password = "sk-test-0123456789", "ada.lovelace@example.com", "correct horse battery"
        with Server(self.data, OPENAI_API_KEY=key, OPENAI_BASE_URL="http://127.0.0.1:1") as server:
            server.edition()  # falls back to what is on board
            for path in ("/health", "/metrics", "/briefings/api/health/mobile", "/briefings/api/briefings/general/latest",
                         "/nothing", "/files/x?expires=1&signature=y"):
                body = server.get(path)[1].decode()
                self.assertNotIn(key, body)
                self.assertNotIn(str(self.data), body)

            _, _, answer = server.post("/auth/v1/signup", {"email": mail, "password": password})
            wrong = {"email": mail, "password": password + " wrong"}
            self.assertEqual(server.post("/auth/v1/token?grant_type=password", wrong)[0], 400)
            self.assertEqual(server.post("/auth/v1/recover", {"email": mail})[0], 200)
            token, refresh = answer["access_token"], answer["refresh_token"]
            server.post("/auth/v1/token?grant_type=refresh_token", {"refresh_token": refresh})
            bearer = {"Authorization": "Bearer " + token}
            self.assertEqual(server.get("/briefings/api/subscription/status?token=" + token, bearer)[0].status, 200)
            said = server.said()
            self.assertRegex(said, r'"route": ?"/signup"')  # it does log what was asked
            for secret in (key, mail, mail.partition("@")[0], password, token, token.rpartition(".")[2], refresh):
                self.assertNotIn(secret, said)

    def test_speaks_tls(self):
        certificate, key = self.data / "certificate.pem", self.data / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        with Server(self.data, BRIEFINGS_FEEDS="", ODEON_CERTIFICATE=str(certificate), ODEON_KEY=str(key)) as server:
            trusting = ssl.create_default_context(cafile=certificate)
            connection = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=PATIENCE, context=trusting)
            connection.request("GET", "/health")
            reply = connection.getresponse()
            self.assertEqual((reply.status, json.loads(reply.read())["status"]), (200, "healthy"))
            self.assertGreaterEqual(connection.sock.version(), "TLSv1.2")
            connection.close()
            with self.assertRaises(ssl.SSLCertVerificationError):
                http.client.HTTPSConnection("127.0.0.1", server.port, timeout=PATIENCE).request("GET", "/health")
            with self.assertRaises((OSError, http.client.HTTPException)):
                server.get("/health")
        with self.assertRaisesRegex(AssertionError, "ODEON_CERTIFICATE"):
            Server(self.data, ODEON_CERTIFICATE=str(certificate))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
