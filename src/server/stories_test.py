#!/usr/bin/python3
"""A hero becomes an illustrated, narrated story, offline: stories_test.py ODEON SOURCE_DIR

The real binary with nothing configured; FFmpeg's command reads the sound, Pillow the pictures, and what is uploaded goes
to the address that was granted, byte by byte as any client would send it.
"""
import http.client
import io
import json
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

from PIL import Image

from program import PATIENCE, Server

PASSWORD = "Correct horse 1"
LANGUAGES = {"en": "Alice", "es": "Lucía", "fr": "Zoé", "de": "Jürgen", "it": "Chiara"}


class Child:
    """Whoever uses the app."""

    def __init__(self, server, mail):
        self.server = server
        self.token = self.call("POST", "/api/auth/signup", {"email": mail, "password": PASSWORD}, 201)["session"]["token"]

    def raw(self, method, target, body=None, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        connection.request(method, target, body, headers)
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        return reply, content

    def call(self, method, path, body=None, status=200):
        headers = {"Content-Type": "application/json"}
        if hasattr(self, "token"):
            headers["Authorization"] = "Bearer " + self.token
        reply, content = self.raw(method, "/stories" + path, None if body is None else json.dumps(body), headers)
        assert reply.status == status, (method, path, reply.status, content[:500])
        return json.loads(content)

    def fetch(self, url):
        parts = urllib.parse.urlsplit(url)
        reply, content = self.raw("GET", parts.path + "?" + parts.query)
        assert reply.status == 200, (url, reply.status)
        return content

    def hero(self, name="Alice", looks="A girl with curly blonde hair, blue eyes and a green dress"):
        return self.call("POST", "/api/heroes", {"name": name, "age": 7, "traits": ["brave", "kind"], "appearance": looks,
                                                 "abilities": ["magic"]}, 201)["hero"]["id"]

    def until(self, path, ended):
        """The first answer that `ended` likes."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self.call("GET", path)
            if ended(answer):
                return answer
            time.sleep(1.3)  # within what may be asked in a minute
        raise AssertionError(f"{path} never ended: {answer}")


def picture(content):
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return image.format, image.size


class StoriesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.data = tempfile.TemporaryDirectory()
        cls.server = Server(cls.data.name)
        cls.child = Child(cls.server, "ada@example.com")

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.data.cleanup()

    def test_a_hero_becomes_an_illustrated_narrated_story(self):
        hero = self.child.hero()
        avatar = self.child.call("POST", f"/api/heroes/{hero}/avatar", {})["hero"]
        self.assertEqual(picture(self.child.fetch(avatar["avatarUrl"])), ("PNG", (1024, 1024)))
        self.assertIn("blond", avatar["visualProfile"]["hairColor"])
        made = self.child.call("POST", "/api/stories", {"heroId": hero, "eventType": "bedtime", "language": "en",
                                                        "generateIllustrations": True}, 201)
        story = f"/api/stories/{made['story']['id']}"
        self.assertTrue(made["jobs"]["audioGeneration"]["queued"])
        self.assertTrue(made["jobs"]["illustrationGeneration"]["queued"])
        audio = self.child.until(story + "/audio/status", lambda status: status["audioGenerated"])
        state = self.child.until(story + "/illustrations/status",
                                 lambda status: status["status"] not in ("queued", "processing"))
        self.assertEqual(state["progress"], {"completed": 3, "total": 3, "percentage": 100})

        with tempfile.NamedTemporaryFile(suffix=".mp3") as file:
            file.write(self.child.fetch(audio["audioUrl"]))
            file.flush()
            probed = json.loads(subprocess.run(
                ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", file.name], check=True,
                capture_output=True).stdout)
        self.assertEqual(probed["streams"][0]["codec_name"], "mp3")
        self.assertAlmostEqual(float(probed["format"]["duration"]), audio["audioDuration"], delta=0.1)
        self.assertTrue(180 <= audio["audioDuration"] <= 300, audio["audioDuration"])
        self.assertEqual(probed["format"]["tags"]["title"], made["story"]["title"])

        read = self.child.call("GET", story + "?includeIllustrations=true")["story"]
        times = [each["timestamp"] for each in read["illustrations"]]
        self.assertEqual(times, sorted(times))
        self.assertLess(times[-1], audio["audioDuration"])
        for each in read["illustrations"]:
            self.assertEqual(picture(self.child.fetch(each["imageUrl"])), ("PNG", (1024, 1024)))
        along = self.child.call("GET", story + "/read-along")
        self.assertFalse(along["estimated"])
        spoken = [along["content"][word["offset"]:word["offset"] + word["length"]] for word in along["words"]]
        self.assertGreater(len(spoken), 300)
        self.assertTrue(all(word == word.strip() and word for word in spoken))

        with tempfile.NamedTemporaryFile(suffix=".epub") as file:
            file.write(self.child.raw("GET", "/stories" + story + "/epub", None,
                                      {"Authorization": "Bearer " + self.child.token})[1])
            file.flush()
            checked = subprocess.run(["java", "-jar", "/usr/share/java/epubcheck.jar", file.name], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_an_event_has_a_pictogram(self):
        event = self.child.call("POST", "/api/custom-events", {"title": "Picnic", "description": "In the park"}, 201)["event"]
        drawn = self.child.call("POST", f"/api/custom-events/{event['id']}/pictogram", {})["event"]
        self.assertEqual(picture(self.child.fetch(drawn["pictogramUrl"])), ("PNG", (512, 512)))

    def test_every_language_is_told_and_read(self):
        for language, name in LANGUAGES.items():
            with self.subTest(language):
                hero = self.child.hero(name)
                story = self.child.call("POST", "/api/stories", {"heroId": hero, "eventType": "birthday",
                                                                 "language": language}, 201)["story"]
                self.assertIn(name, story["content"])
                status = self.child.until(f"/api/stories/{story['id']}/audio/status",
                                          lambda status: status["audioGenerated"] or status["job"]["status"] == "failed")
                self.assertTrue(status["audioGenerated"], status)
                self.assertTrue(180 <= status["audioDuration"] <= 300, status)

    def upload(self, content, said_type, said_size=None, headers=None, size_off=0):
        grant = self.child.call("POST", "/api/files/upload", {
            "fileName": "me.png", "mimeType": said_type, "fileSize": said_size or len(content), "category": "avatar"})
        target = urllib.parse.urlsplit(grant["uploadUrl"])
        reply, _ = self.child.raw(grant["method"], target.path + "?" + target.query, content, headers or grant["headers"])
        return grant, reply.status

    def test_files_go_to_the_address_that_was_granted(self):
        png = io.BytesIO()
        Image.new("RGB", (300, 200), "teal").save(png, "PNG")
        grant, status = self.upload(png.getvalue(), "image/png")
        self.assertEqual(status, 204)
        hero = self.child.hero("Bob")
        self.child.call("POST", f"/api/files/{grant['id']}/confirm", {"entityId": hero})
        shown = self.child.call("GET", f"/api/heroes/{hero}")["hero"]["avatarUrl"]
        self.assertEqual(picture(self.child.fetch(shown)), ("PNG", (300, 200)))

        self.assertEqual(self.upload(png.getvalue(), "image/png", len(png.getvalue()) + 1)[1], 403, "another size")
        self.assertEqual(self.upload(png.getvalue(), "image/png", None, {"Content-Type": "image/webp"})[1], 403)
        grant, status = self.upload(b"<svg onload='alert(1)'/>", "image/png")
        self.assertEqual(status, 204)
        refused = self.child.call("POST", f"/api/files/{grant['id']}/confirm", {}, 400)
        self.assertEqual(refused["code"], "CONTENT_MISMATCH")

    def test_a_picture_bomb_is_refused(self):
        bomb = io.BytesIO()
        Image.new("1", (16000, 16000)).save(bomb, "PNG", optimize=True)
        grant, status = self.upload(bomb.getvalue(), "image/png")
        self.assertEqual(status, 204)
        refused = self.child.call("POST", f"/api/files/{grant['id']}/confirm", {}, 400)
        self.assertEqual(refused["code"], "PICTURE_TOO_LARGE")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
