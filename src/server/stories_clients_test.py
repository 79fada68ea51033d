#!/usr/bin/python3
"""What nobody here wrote uses stories: stories_clients_test.py ODEON SOURCE_DIR

Stoplight's Prism stands between an app and the real binary and says which answers depart from the OpenAPI document;
Amazon's SDK uploads to a bucket by the addresses that were granted; curl brings a library of the former app along.
"""
import asyncio
import base64
import contextlib
import email
import email.policy
import http.client
import io
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import zipfile

import websockets
from PIL import Image

from program import ODEON, PATIENCE, SOURCE, Server
from stories_test import PASSWORD, Child, picture

CLIENTS = ODEON.parent / "npm/stories"

# Not to be asked by an app: payment's webhooks, what a browser is led to, what is no plain answer.
ELSEWHERE = {("get", "/ws/jobs/{id}"), ("get", "/subscription/success"), ("get", "/subscription/cancel"),
             ("post", "/api/import"), ("get", "/api/user/export/{token}")}


def install():
    subprocess.run([SOURCE / "scripts/npm-install", SOURCE / "src/products/stories/clients", CLIENTS], check=True)


def png(size=(300, 200)):
    bytes_ = io.BytesIO()
    Image.new("RGB", size, "teal").save(bytes_, "PNG")
    return bytes_.getvalue()


@contextlib.contextmanager
def running(command, said, **more):
    """A program, once it has said that; what it said."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **more)
        try:
            end = time.monotonic() + PATIENCE
            while not (found := re.search(said, os.pread(log.fileno(), 1 << 20, 0).decode(errors="replace"))):
                assert process.poll() is None and time.monotonic() < end, os.pread(log.fileno(), 1 << 20, 0).decode()
                time.sleep(0.1)
            yield found
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(PATIENCE)


@contextlib.contextmanager
def prism(document, server):
    """A proxy that holds answers against the document; its port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(document, file)
        file.flush()
        with running([CLIENTS / "node_modules/.bin/prism", "proxy", file.name, f"http://127.0.0.1:{server.port}/stories",
                      "--host", "127.0.0.1", "--port", str(port)], "Prism is listening"):
            yield port


class Proxied(Child):
    """The app, with a proxy before the server; what the proxy has to say."""

    def __init__(self, server, port, mail):
        self.port, self.departures, self.faulty, self.asked = port, [], 0, set()
        super().__init__(server, mail)

    def raw(self, method, target, body=None, headers={}):
        if not target.startswith("/stories/"):
            return super().raw(method, target, body, headers)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, target.removeprefix("/stories"), body, headers)
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        self.asked.add((method.lower(), target.removeprefix("/stories").partition("?")[0]))
        for violation in json.loads(reply.headers.get("sl-violations", "[]")):
            if violation["location"][0] == "response":
                self.departures.append((method, target, reply.status, violation, content[:300]))
            else:
                self.faulty += 1
        return reply, content

    def bare(self, method, path, status=200, **headers):
        """Of what is no JSON; a proxy that reads it as text spoils it."""
        reply, _ = self.raw(method, "/stories" + path, None, {"Authorization": "Bearer " + self.token, **headers})
        assert reply.status == status, (method, path, reply.status)


def untouched(document, asked):
    """Operations that nobody asked for."""
    left = {(method, path) for path, methods in document["paths"].items() for method in methods}
    for method, path in asked:
        for operation in list(left):
            pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(operation[1]))
            if operation[0] == method and re.fullmatch(pattern.replace("name...", ""), path):
                left.discard(operation)
            elif operation == ("get", "/media/{name}") and path.startswith("/media/"):
                left.discard(operation)
    return left


class StoriesClients(unittest.TestCase):
    def setUp(self):
        install()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = pathlib.Path(folder.name)

    def test_no_answer_departs_from_the_document(self):
        with Server(self.data) as server:
            document = server.json("/openapi.json?product=stories")
            with prism(document, server) as port:
                app = Proxied(server, port, "ada@example.com")
                self.walk(app)
            self.assertEqual(app.departures, [])
            self.assertGreater(app.faulty, 0, "the proxy sees what is asked")
            left = {operation for operation in untouched(document, app.asked) - ELSEWHERE
                    if not operation[1].startswith(("/api/auth/oauth", "/auth/", "/oauth", "/api/webhooks/"))}
            self.assertEqual(left, set())
            # A proxy that never finds anything would not be worth its answers.
            document["components"]["schemas"]["Hero"]["properties"]["age"] = {"type": "string"}
            with prism(document, server) as port:
                app = Proxied(server, port, "bob@example.com")
                app.hero()
            self.assertEqual({departure[3]["location"][-1] for departure in app.departures}, {"age"})

    def walk(self, app):
        """Everything that the app can do, and some that it should not."""
        app.call("GET", "/api/meta?language=fr")
        app.call("POST", "/api/auth/signup", {"email": "ada@example.com", "password": PASSWORD}, 409)
        app.call("POST", "/api/auth/signup", {"email": "eve@example.com", "password": "weak"}, 400)
        app.call("POST", "/api/auth/login", {"email": "ada@example.com", "password": "wrong"}, 401)
        app.call("POST", "/api/auth/login", {"email": "ada@example.com", "password": PASSWORD})
        app.call("POST", "/api/auth/resend-verification", {"email": "ada@example.com"}, 429)  # one was sent just now
        app.call("GET", "/api/auth/session")
        app.call("GET", "/api/user/profile")
        app.call("PATCH", "/api/user/profile", {"name": "Ada", "preferredLanguage": "es", "themePreference": "dark"})
        app.call("PATCH", "/api/user/profile", {"preferredLanguage": "xx"}, 400)

        hero = app.hero()
        app.call("POST", "/api/heroes", {"name": "Bob", "age": 19, "traits": ["none"], "appearance": "tall"}, 400)
        app.call("GET", "/api/heroes?sortBy=name&sortOrder=asc")
        app.call("GET", f"/api/heroes/{hero}?includeStories=true")
        app.call("PATCH", f"/api/heroes/{hero}", {"age": 8})
        app.call("GET", "/api/heroes/hero_none", None, 404)
        app.call("POST", f"/api/heroes/{hero}/avatar", {})

        event = app.call("POST", "/api/custom-events", {"title": "Picnic", "description": "In the park"}, 201)["event"]["id"]
        app.call("GET", "/api/custom-events")
        app.call("GET", f"/api/custom-events/{event}")
        app.call("PATCH", f"/api/custom-events/{event}", {"isFavorite": True, "tone": "funny"})
        app.call("POST", f"/api/custom-events/{event}/enhance", {})
        app.call("POST", f"/api/custom-events/{event}/pictogram", {})

        made = app.call("POST", "/api/stories", {"heroId": hero, "eventType": "bedtime", "language": "en",
                                                 "generateIllustrations": True, "illustrationCount": 2}, 201)
        later = app.call("POST", "/api/stories", {"heroId": hero, "customEventId": event, "generateAudio": False,
                                                  "wait": False}, 202)
        app.call("POST", "/api/stories", {"heroId": hero, "eventType": "a war"}, 400)
        app.call("POST", "/api/stories", {"heroId": "hero_none", "eventType": "bedtime"}, 404)
        story = "/api/stories/" + made["story"]["id"]
        job = made["jobs"]["illustrationGeneration"]["id"]
        app.call("GET", f"/api/jobs/{job}")
        app.bare("GET", f"/api/jobs/{job}/events")
        audio = app.until(story + "/audio/status", lambda status: status["audioGenerated"])
        app.until(story + "/illustrations/status", lambda status: status["status"] not in ("queued", "processing"))
        app.until("/api/stories/" + later["story"]["id"], lambda answer: answer["story"]["status"] == "ready")
        app.call("GET", "/api/stories?isFavorite=false&sortBy=listenCount")
        app.call("GET", story + "?includeIllustrations=true")
        app.call("POST", story + "/listen", {})
        app.call("PATCH", story, {"title": "Another", "isFavorite": True})
        app.call("PATCH", story, {"content": "There was a massacre."}, 400)
        app.call("GET", story + "/read-along")
        app.bare("GET", story + "/epub")
        app.bare("GET", story + "/pdf?paper=square")
        pictures = app.call("GET", story + "/illustrations")["illustrations"]
        app.call("DELETE", f"{story}/illustrations/{pictures[0]['id']}")
        app.call("POST", story + "/illustrations", {"count": 9}, 400)
        app.call("POST", story + "/illustrations", {"sceneTimestamps": [5.0]}, 202)
        app.call("POST", story + "/audio", {"voice": "fable", "priority": "high"}, 202)
        app.call("POST", story + "/audio", {"voice": "nobody"}, 400)
        media = "/" + audio["audioUrl"].split("/stories/", 1)[1]
        app.bare("GET", media)
        app.bare("GET", media, 206, Range="bytes=0-9")
        app.bare("GET", media.replace("signature=", "signature=x"), 403)

        grant = app.call("POST", "/api/files/upload", {"fileName": "me.png", "mimeType": "image/png",
                                                       "fileSize": len(png()), "category": "avatar"})
        app.call("POST", "/api/files/upload", {"fileName": "me.svg", "mimeType": "image/svg+xml", "fileSize": 9,
                                               "category": "avatar"}, 400)
        app.call("POST", f"/api/files/{grant['id']}/confirm", {}, 409)
        app.raw(grant["method"], "/" + grant["uploadUrl"].split("/", 3)[3], png(), grant["headers"])
        app.call("POST", f"/api/files/{grant['id']}/confirm", {"entityId": hero})
        app.call("GET", "/api/import/import_none", None, 404)

        feed = app.call("GET", "/api/feed")
        app.bare("GET", "/" + next(iter(feed.values())).split("/stories/", 1)[1])
        app.call("POST", "/api/feed/rotate", {})
        app.call("GET", "/api/user/usage")
        app.call("GET", "/api/user/usage?period=all_time")
        self.account(app)
        for _ in range(11):
            last = app.raw("POST", "/stories/api/stories", json.dumps({"heroId": hero, "eventType": "weekend",
                                                                      "generateAudio": False}),
                           {"Content-Type": "application/json", "Authorization": "Bearer " + app.token})
        self.assertIn(last[0].status, (403, 429))
        app.call("DELETE", f"/api/custom-events/{event}")
        app.call("DELETE", story)
        app.call("DELETE", f"/api/heroes/{hero}")
        self.leave(app)

    def account(self, app):
        """Payment, programs and consents, as every product has them."""
        app.call("GET", "/api/subscription")
        page = app.call("POST", "/api/subscription/checkout", {"tier": "premium"})["checkoutUrl"]
        paid, _ = app.raw("POST", urllib.parse.urlsplit(page).path + "/pay", b"",
                          {"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(paid.status, 303)
        app.until("/api/subscription", lambda answer: answer["subscriptionTier"] == "premium")
        app.call("POST", "/api/subscription/portal", {})
        app.call("POST", "/api/subscription/cancel", {})
        made = app.call("POST", "/api/webhook-endpoints", {"url": "https://hooks.example/stories"}, 201)
        hook = "/api/webhook-endpoints/" + made["endpoint"]["id"]
        app.call("GET", "/api/webhook-endpoints")
        app.call("POST", hook + "/test", {}, 202)
        app.call("GET", hook + "/attempts")
        app.call("POST", hook + "/secret", {})
        app.call("POST", hook + "/enable", {})
        app.bare("DELETE", hook, 204)
        app.call("PUT", "/api/user/consents", {"purpose": "terms", "granted": True, "wording": "2026-11"})
        app.call("GET", "/api/user/consents")

    def leave(self, app):
        """Passwords, and the end of it all."""
        who = {"email": "ada@example.com"}
        app.call("POST", "/api/auth/verify-email", {"token": "none"}, 400)
        app.call("POST", "/api/auth/verify-email", {"token": self.mailed("verify")})
        app.call("POST", "/api/auth/forgot-password", who)
        app.call("POST", "/api/auth/reset-password", {"token": self.mailed("recover"), "password": PASSWORD + "2"})
        app.call("GET", "/api/auth/session", None, 401)
        who["password"] = PASSWORD + "2"
        app.token = app.call("POST", "/api/auth/login", who)["session"]["token"]
        app.call("GET", "/api/user/export")
        app.bare("GET", "/api/user/archive")
        app.call("POST", "/api/auth/logout", {})
        app.token = app.call("POST", "/api/auth/login", who)["session"]["token"]
        receipt = app.call("DELETE", "/api/user/account")
        self.assertTrue(receipt["success"])
        app.call("GET", "/api/user/erasures/" + receipt["id"])
        app.call("GET", "/api/auth/session", None, 401)

    def mailed(self, about):
        """The token of a link that was mailed."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for path in sorted((self.data / "outbox").glob("*.eml"), reverse=True):
                body = email.message_from_bytes(path.read_bytes(), policy=email.policy.default).get_body(("plain",))
                if found := re.search(rf"purpose={about}\S*?token=([^&\s]+)", body.get_content()):
                    return urllib.parse.unquote(found.group(1))
            time.sleep(0.2)
        raise AssertionError("no mail to " + about)

    def test_progress_is_told_in_three_ways(self):
        async def watched(port, job):
            async with websockets.connect(f"ws://127.0.0.1:{port}/stories/ws/jobs/{job}") as socket:
                return [json.loads(message) async for message in socket]

        with Server(self.data) as server:
            child = Child(server, "ada@example.com")
            hero = child.hero()
            made = child.call("POST", "/api/stories", {"heroId": hero, "eventType": "weekend", "generateAudio": False,
                                                       "generateIllustrations": True}, 201)
            job = made["jobs"]["illustrationGeneration"]["id"]
            told = asyncio.run(watched(server.port, job))
            self.assertEqual((told[-1]["state"], told[-1]["percent"]), ("completed", 100))
            percents = [each["percent"] for each in told]
            self.assertEqual(percents, sorted(percents))
            events = server.get(f"/stories/api/jobs/{job}/events")[1].decode()
            self.assertEqual(json.loads(re.findall(r"data: (.*)", events)[-1])["state"], "completed")
            self.assertEqual(server.json(f"/stories/api/jobs/{job}")["state"], "completed")
            status = child.call("GET", f"/api/stories/{made['story']['id']}/illustrations/status")
            self.assertEqual((status["status"], status["progress"]["percentage"]), ("completed", 100))

    def test_the_month_is_warned_of_by_mail(self):
        with Server(self.data) as server:
            child = Child(server, "ada@example.com")
            hero = child.hero()
            wish = {"heroId": hero, "eventType": "weekend", "generateAudio": False}
            told = {child.call("POST", "/api/stories", wish, 201)["story"]["content"] for _ in range(10)}
            self.assertEqual(len(told), 10)
            self.assertEqual(child.call("POST", "/api/stories", wish, 403)["code"], "MONTHLY_LIMIT_REACHED")
            usage = child.call("GET", "/api/user/usage")
            self.assertEqual((usage["summary"]["storiesGenerated"], usage["limits"]["percentage"]), (10, 100))
            self.assertEqual([each["operation"] for each in usage["breakdown"]], ["story_generation"])
            end = time.monotonic() + PATIENCE
            while len(letters := self.letters("stor")) < 2 and time.monotonic() < end:
                time.sleep(0.2)
            self.assertEqual(len(letters), 2, letters)

    def letters(self, about):
        """Subjects of mails with that in them."""
        subjects = []
        for path in (self.data / "outbox").glob("*.eml"):
            with open(path, "rb") as file:
                subjects.append(email.message_from_binary_file(file, policy=email.policy.default)["Subject"])
        return [subject for subject in subjects if about in subject.lower()]

    def test_the_sdk_uploads_to_a_bucket(self):
        bucket = tempfile.TemporaryDirectory()
        self.addCleanup(bucket.cleanup)
        with running([SOURCE / "src/testing/s3/run", bucket.name], r"listening on (\d+)") as found:
            s3 = f"http://127.0.0.1:{found.group(1)}"
            with Server(self.data, S3_ENDPOINT=s3, S3_BUCKET="bucket", S3_REGION="eu-test-1", S3_PATH_STYLE="true",
                        AWS_ACCESS_KEY_ID="AKIDODEON", AWS_SECRET_ACCESS_KEY="secret/of+the=test") as server:
                child = Child(server, "ada@example.com")
                run = subprocess.run(["node", CLIENTS / "uploads.mjs", f"http://127.0.0.1:{server.port}/stories",
                                      child.token, s3], capture_output=True, text=True, timeout=PATIENCE,
                                     env={**os.environ, "PICTURE": base64.b64encode(png()).decode()})
                self.assertEqual(run.returncode, 0, run.stderr)
                hero = child.hero()
                child.call("POST", f"/api/files/{run.stdout.strip()}/confirm", {"entityId": hero})
                shown = child.call("GET", f"/api/heroes/{hero}")["hero"]["avatarUrl"]
                self.assertEqual(picture(child.fetch(shown)), ("PNG", (300, 200)))

    def test_a_library_comes_along(self):
        library = {"heroes": [{"id": "1", "name": "Zoé", "age": 6, "traits": ["Brave"], "appearance": "red hair",
                               "avatar": "bilder/Zoé.jpg"}],
                   "stories": [{"id": "2", "heroId": "1", "title": "La luna", "content": "La luna salió. Era redonda.",
                                "language": "es", "illustrations": [{"image": "bilder/luna.png", "timestamp": 1}]}]}
        jpeg = io.BytesIO()
        Image.new("RGB", (640, 480), "red").save(jpeg, "JPEG")
        path = self.data / "library.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("My stories/bilder/Zoé.jpg", jpeg.getvalue())
            file.writestr("My stories/bilder/luna.png", png())
            file.writestr("__MACOSX/My stories/library.json", "{}")
            file.writestr("My stories/library.json", json.dumps(library))
        with Server(self.data) as server:
            child = Child(server, "ada@example.com")
            sent = subprocess.run(["curl", "-s", "-w", "\n%{http_code}", "-H", "Authorization: Bearer " + child.token, "-F",
                                   f"file=@{path};type=application/zip", f"http://127.0.0.1:{server.port}/stories/api/import"],
                                  capture_output=True, text=True, check=True).stdout
            answer, status = sent.rsplit("\n", 1)
            self.assertEqual(status, "202", answer)
            told = child.until("/api/import/" + json.loads(answer)["import"]["id"],
                               lambda answer: answer["import"]["status"] != "reading")["import"]
            self.assertEqual((told["status"], told["skipped"]), ("finished", []))
            hero = child.call("GET", "/api/heroes")["heroes"][0]
            self.assertEqual(picture(child.fetch(hero["avatarUrl"])), ("PNG", (640, 480)))
            story = child.call("GET", "/api/stories")["stories"][0]
            self.assertEqual((story["title"], story["heroName"], story["illustrationCount"]), ("La luna", "Zoé", 1))
            child.call("GET", f"/api/stories/{story['id']}/read-along")


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=["stories_clients_test"])
