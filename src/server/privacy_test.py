#!/usr/bin/python3
"""A person takes everything along and has it erased: privacy_test.py ODEON SOURCE_DIR

The real binary in a scratch folder; Python's zipfile reads the export, and after the erasure every table and
every object is searched for what the person left.
"""
import email
import email.policy
import io
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import zipfile

from operations_test import ODEON, PASSWORD, PATIENCE, SOURCE, Server

MAIL, OTHER = "ada.lovelace@example.com", "grace@example.com"


class Person:
    def __init__(self, server, data, mail):
        self.server, self.mail = server, mail
        joined = json.loads(server.call("POST", "/auth/v1/signup", {
            "email": mail, "password": PASSWORD, "data": {"first_name": "Ada-" + mail[:3]}})[1])
        self.token, self.id = joined["access_token"], joined["user"]["id"]
        subprocess.run([ODEON, "admin", "--data", data, "set-plan", mail, "briefings", "pro"], check=True,
                       capture_output=True)

    def call(self, method, path, body=None, status=200):
        found, content = self.server.call(method, "/briefings" + path, body, {"Authorization": "Bearer " + self.token})
        assert found == status, (method, path, found, content[:300])
        return content

    def data(self, method, path, body=None, status=200):
        content = self.call(method, path, body, status)
        return json.loads(content)["data"] if content else None

    def product(self, name, method, path, body=None, token=None, status=200):
        headers = {"Authorization": "Bearer " + token} if token else {}
        found, content = self.server.call(method, f"/{name}{path}", body, headers)
        assert found == status, (name, method, path, found, content[:300])
        return json.loads(content)

    def lives_elsewhere(self):
        """The same account in the other products; returns (product, address, token) by which each knows them."""
        secret = {"email": self.mail, "password": PASSWORD}
        stories = self.product("stories", "POST", "/api/auth/login", secret)["session"]["token"]
        self.product("stories", "PATCH", "/api/user/profile", {"preferredLanguage": "fr"}, stories)
        hero = self.product("stories", "POST", "/api/heroes", {
            "name": "Ada-" + self.mail[:3], "age": 6, "traits": ["kind"], "appearance": "red hair"}, stories, 201)["hero"]["id"]
        self.product("stories", "POST", f"/api/heroes/{hero}/avatar", {}, stories)
        self.story = self.product("stories", "POST", "/api/stories", {
            "heroId": hero, "eventType": "bedtime", "generateIllustrations": True}, stories, 201)["story"]["id"]
        chat = self.product("chat", "POST", "/api/auth/login", secret)["sessionToken"]
        for purpose in ("terms", "voice_logs"):
            self.product("chat", "PUT", "/api/user/consents",
                         {"purpose": purpose, "granted": True, "wording": "2026-11"}, chat)
        found, said = self.server.call("POST", "/chat/api/chat", {"text": f"I am Ada-{self.mail[:3]}. Who are you?"},
                                       {"Authorization": "Bearer " + chat, "Accept": "application/json"})
        assert found == 200, said
        self.conversation = json.loads(said)["conversation_id"]
        self.product("chat", "POST", f"/api/conversations/{self.conversation}/share", {}, chat, 201)
        self.product("chat", "PATCH", "/api/user/settings", {"retention_days": 30}, chat)
        podcasts = self.product("podcasts", "POST", "/api/auth/login", secret)["access_token"]
        self.product("podcasts", "POST", "/api/billing/checkout", {"plan": "creator"}, podcasts)
        show = self.product("podcasts", "POST", "/api/podcasts", {"title": f"Ada-{self.mail[:3]} speaks"}, podcasts, 201)
        self.episode = self.product("podcasts", "POST", f"/api/podcasts/{show['id']}/episodes", {"title": "Pilot"},
                                    podcasts, 201)["id"]
        studio = self.product("studio", "POST", "/api/v1/auth/login", secret)["data"]["access_token"]
        checkout = self.product("studio", "POST", "/api/v1/subscription/checkout", {"tier": "pro"}, studio)["data"]
        paid, _ = self.server.call("POST", urllib.parse.urlparse(checkout["checkout_url"]).path + "/pay", None, {})
        assert paid in (200, 303), paid
        end = time.monotonic() + PATIENCE
        while self.product("studio", "GET", "/api/v1/subscription", None, studio)["data"]["tier"] != "pro":
            assert time.monotonic() < end, "what was paid for did not come"
            time.sleep(1.1)  # sixty times a minute may be asked
        return [("stories", "/api/auth/session", stories), ("chat", "/api/auth/me", chat),
                ("podcasts", "/api/auth/me", podcasts), ("studio", "/api/v1/auth/me", studio)]

    def lives(self):
        """Uses whatever leaves something behind."""
        self.call("POST", "/api/portfolio/add", {"ticker": "AAPL", "shares": 7})
        self.call("POST", "/api/push-tokens", {"token": f"ExponentPushToken[{self.mail[:3]}]"}, 201)
        self.call("POST", "/api/schedules", {"time": "07:30", "days": "daily", "time_zone": "Europe/London"}, 201)
        self.data("GET", "/api/feed")
        self.call("PUT", "/api/alerts/settings", {"price_move": 7})
        self.call("PUT", "/api/user/consents", {"purpose": "statistics", "granted": True, "wording": "2026-11"})
        self.call("POST", "/api/keys", {"name": "my program"}, 201)
        self.call("POST", "/api/webhook-endpoints", {"url": "https://hooks.invalid/" + self.id}, 201)
        briefing = self.data("POST", "/api/briefings", {"length": "short", "time_zone": "Europe/London"})["briefing_id"]
        end = time.monotonic() + PATIENCE
        while self.data("GET", "/api/briefings/" + briefing)["status"] != "ready":
            assert time.monotonic() < end, "no briefing was made"
            time.sleep(0.1)
        self.call("POST", "/api/analytics/playback", {"briefing_id": briefing, "event": "started", "position": 0,
                                                      "session_id": "s-" + self.id}, 202)
        self.call("POST", "/api/analytics/performance", {"metric": "network_error", "value": 1}, 202)
        self.call("POST", "/api/briefings", {"length": "long"})  # is under way when they leave
        return briefing


def traces_of(data, person):
    """Where a person can still be found, in tables and in objects.

    But for billing_forgotten, which knows for four days under whose id late costs may come.
    """
    found = []
    marks = (person.id, person.mail, "Ada-" + person.mail[:3], f"[{person.mail[:3]}]")
    with sqlite3.connect(pathlib.Path(data) / "odeon.db") as db:
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' "
                                   "AND name <> 'billing_forgotten'").fetchall():
            for row in db.execute(f"SELECT * FROM {table}"):
                text = " ".join(str(value) for value in row)
                if any(mark in text for mark in marks):
                    found.append(f"{table}: {text[:200]}")
    for path in (pathlib.Path(data) / "objects").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        if any(mark in str(path) or mark.encode() in content for mark in marks):
            found.append(str(path))
    return found


class Privacy(unittest.TestCase):
    def test_takes_everything_along_and_leaves_nothing(self):
        with tempfile.TemporaryDirectory() as data, Server(data, BRIEFINGS_QUOTES=str(SOURCE / "examples/quotes.csv")) as server:
            ada, grace = Person(server, data, MAIL), Person(server, data, OTHER)
            briefing, others = ada.lives(), grace.lives()
            elsewhere = ada.lives_elsewhere()

            with zipfile.ZipFile(io.BytesIO(ada.call("GET", "/api/user/export"))) as export:
                self.assertIsNone(export.testzip())
                names = set(export.namelist())
                account = json.loads(export.read("identity/account.json"))
                self.assertEqual(account["mail"], MAIL)
                self.assertEqual(json.loads(export.read("stories/preferences.json"))["language"], "fr")
                self.assertIn("Ada-", json.loads(export.read(f"stories/stories/{ada.story}.json"))["content"])
                self.assertTrue(any(name.startswith("stories/heroes/") and name.endswith(".png") for name in names))
                self.assertTrue(export.read(f"briefings/{briefing}.mp3").startswith(b"ID3"))
                conversation = json.loads(export.read(f"chat/conversations/{ada.conversation}.json"))
                self.assertIn("I am Ada-", conversation["messages"][0]["parts"][0]["text"])
                self.assertEqual(conversation["messages"][1]["model"], "odeon-offline")
                self.assertEqual(json.loads(export.read("chat/settings.json"))["retention_days"], 30)
                self.assertIn(b"Pilot", export.read(f"podcasts/episodes/{ada.episode}.json"))
                everything = b"".join(export.read(name) for name in names if not name.endswith(".mp3"))
            self.assertLess({"manifest.json", "audit.json", "consents.json", "billing/plans.json", "notify/devices.json",
                             "notify/webhook_endpoints.json", "notify/webhook_attempts.json",
                             "identity/api_keys.json", "briefings/portfolio.json", "briefings/schedules.json"}, names)
            self.assertNotIn(grace.id.encode(), everything)
            self.assertNotIn(b"argon2", everything)

            receipt = ada.data("DELETE", "/api/user/account", status=202)
            self.assertEqual(server.sign_in(MAIL), 400)
            end = time.monotonic() + PATIENCE
            while "completed_at" not in (seen := json.loads(
                    server.call("GET", "/briefings/api/user/erasures/" + receipt["id"])[1])["data"]):
                self.assertLess(time.monotonic(), end, "nothing was erased")
                time.sleep(1.5)
            outbox = pathlib.Path(data) / "outbox"
            while not any(receipt["id"] in mail.read_text() for mail in outbox.glob("*.eml")):
                self.assertLess(time.monotonic(), end, "no receipt was sent")
                time.sleep(0.2)
            ada.call("GET", "/api/portfolio", status=401)
            for product, path, token in elsewhere:
                ada.product(product, "GET", path, None, token, 401)
            self.assertEqual({room["room"] for room in seen["rooms"]},
                             {"briefings", "stories", "chat", "podcasts", "notify", "billing", "identity", "consents",
                              "jobs"})
            self.assertEqual(traces_of(data, ada), [])
            objects = [path.name for path in pathlib.Path(data).rglob("*.mp3")]
            self.assertNotIn(briefing, " ".join(objects))
            self.assertEqual(list((pathlib.Path(data) / "objects").rglob("*.png")), [])

            # Others keep what is theirs.
            self.assertTrue(traces_of(data, grace))
            self.assertEqual(grace.data("GET", "/api/briefings/" + others)["status"], "ready")
            self.assertEqual(server.sign_up(MAIL), 200)  # as if they had never been here

            # Who wants to think it over is out, and can be let in again.
            grace.call("DELETE", "/api/user/account?wait_days=31", status=400)
            grace.call("DELETE", "/api/user/account?wait_days=3&product=briefings", status=400)
            waits = grace.data("DELETE", "/api/user/account?wait_days=3", status=202)
            self.assertNotIn("completed_at", waits)
            self.assertEqual(server.sign_in(OTHER), 400)
            subprocess.run([ODEON, "admin", "--data", data, "restore", OTHER], check=True, capture_output=True)
            self.assertEqual(server.sign_in(OTHER), 200)
            self.assertEqual(server.call("GET", "/briefings/api/user/erasures/" + waits["id"])[0], 404)

    def test_a_copy_comes_every_month_for_who_wants_it(self):
        with tempfile.TemporaryDirectory() as data:
            with Server(data, BRIEFINGS_FEEDS="") as server:
                ada = Person(server, data, MAIL)
                wants = {"purpose": "monthly_export", "granted": True, "wording": "2026-11"}
                ada.call("PUT", "/api/user/consents", wants)
            with sqlite3.connect(pathlib.Path(data) / "odeon.db") as db:
                db.execute("UPDATE jobs_schedules SET fired_at = 0 WHERE name = 'privacy.offer_exports'")
            with Server(data, BRIEFINGS_FEEDS="") as server:
                end, found = time.monotonic() + PATIENCE, None
                while not found:
                    self.assertLess(time.monotonic(), end, "no copy was offered")
                    time.sleep(0.2)
                    for mail in (pathlib.Path(data) / "outbox").glob("*.eml"):
                        text = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
                        found = found or re.search(r"/briefings/api/user/export/\S+",
                                                   text.get_body(("plain",)).get_content())
                status, content = server.call("GET", found[0])
                self.assertEqual(status, 200)
                with zipfile.ZipFile(io.BytesIO(content)) as export:
                    self.assertIn("identity/account.json", export.namelist())
                self.assertEqual(server.call("GET", found[0] + "x")[0], 404)
                self.assertEqual(server.call("GET", found[0].replace("/briefings/", "/chat/"))[0], 404)
                ada.server = server
                ada.call("PUT", "/api/user/consents", {**wants, "granted": False})
                self.assertEqual(server.call("GET", found[0])[0], 404)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
