#!/usr/bin/python3
"""People's own programs are told of what happens: webhooks_test.py ODEON SOURCE_DIR

A server of Python's takes what the real binary sends; the library of Standard Webhooks verifies it.
"""
import http.server
import json
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import unittest

from program import ODEON, PATIENCE, SOURCE, Server

PRODUCTS = {"briefings": "/api", "stories": "/api", "chat": "/api", "podcasts": "/api", "studio": "/api/v1"}


class Receiver(http.server.BaseHTTPRequestHandler):
    received = queue.Queue()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.received.put((self.headers, body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Webhooks(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.data = pathlib.Path(self.folder.name)

    def verified(self, cases):
        """Whether the standard's own library takes each of (secret, header, body)."""
        installed = ODEON.parent / "npm/notify"
        subprocess.run([SOURCE / "scripts/npm-install", SOURCE / "src/engine/notify/strangers", installed], check=True)
        lines = [json.dumps({"secret": secret, "id": header["webhook-id"], "timestamp": header["webhook-timestamp"],
                             "signature": header["webhook-signature"], "body": body, "good": True})
                 for secret, header, body in cases]
        (self.data / "list").write_text("\n".join(lines))
        return subprocess.run(["node", installed / "webhooks.mjs", self.data / "list"], capture_output=True,
                              text=True).stdout

    def test_a_briefing_and_a_plan_are_told_and_verified(self):
        receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        self.addCleanup(receiver.server_close)
        self.addCleanup(receiver.shutdown)
        with Server(self.data, WEBHOOKS_ALLOW_PRIVATE="true", APP_URL="https://odeon.example") as server:
            token = server.signup()
            bearer = {"Authorization": "Bearer " + token}
            base = "/briefings/api/webhook-endpoints"
            status, _, made = server.post(base, {"url": f"http://127.0.0.1:{receiver.server_port}/hook"}, bearer)
            self.assertEqual(status, 201, made)
            secret, endpoint = made["data"]["secret"], made["data"]["endpoint"]["id"]
            self.assertEqual(server.post(f"{base}/{endpoint}/test", {}, bearer)[0], 202)
            briefing = server.own_briefing(token=token)
            came = [Receiver.received.get(timeout=PATIENCE) for _ in range(3)]
            self.assertEqual(self.verified([(secret, *each) for each in came]), "verified 3 webhooks\n")
            events = {event["type"]: event["data"] for event in (json.loads(body) for _, body in came)}
            self.assertEqual(events["ping"], {"endpoint_id": endpoint})
            self.assertEqual(events["subscription.changed"], {
                "product": "briefings", "plan": "pro", "status": "active", "trial": False, "cancel_at_period_end": False})
            told = events["briefing.ready"]
            self.assertEqual((told["id"], told["title"]), (briefing["id"], briefing["title"]))
            audio = told["audio_url"].removeprefix("https://odeon.example")
            self.assertTrue(server.get(audio)[1].startswith(b"ID3"))
            attempts = json.loads(server.get(f"{base}/{endpoint}/attempts", bearer)[1])["data"]["attempts"]
            self.assertEqual({attempt["status"] for attempt in attempts}, {204})
            self.assertNotIn(secret, server.said())
        for file in self.data.glob("odeon.db*"):
            self.assertNotIn(secret.encode(), file.read_bytes(), "it lies sealed")

    def test_every_product_has_them_and_nobody_reaches_the_inside(self):
        with Server(self.data, BRIEFINGS_FEEDS="") as server:
            for product, api in PRODUCTS.items():
                self.assertEqual(server.get(f"/{product}{api}/webhook-endpoints")[0].status, 401, product)
            keys = {product: server.get(f"/{product}{api}/keys")[0].status for product, api in PRODUCTS.items()}
            self.assertEqual(keys, {"briefings": 401, "chat": 401, "podcasts": 401, "stories": 404, "studio": 404})
            bearer = {"Authorization": "Bearer " + server.signup()}
            status, _, refused = server.post("/briefings/api/webhook-endpoints", {"url": "http://127.0.0.1:8000/"}, bearer)
            self.assertEqual((status, refused["error"]["code"]), (400, "INVALID_WEBHOOK"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
