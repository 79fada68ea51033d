#!/usr/bin/python3
"""From an uploaded file to a feed that is heard, offline: podcasts_test.py ODEON SOURCE_DIR BUILD_DIR

The real binary, over a folder and over a bucket. What is said comes from Debian's asterisk-core-sounds-en-wav: nobody here
has spoken it. What comes of it is read by programs that nobody here wrote: four parsers of feeds, curl, FFmpeg's
commands, mutagen, webvtt and Debian's Chromium.
"""
import http.client
import http.server
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import wave

import webvtt
from mutagen.mp3 import MP3
from PIL import Image, ImageDraw

from program import PATIENCE, SOURCE, Server, measured

BUILD = pathlib.Path(sys.argv[3]).resolve()
SOUNDS = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison")
RATE = 8000  # of these sounds
SPOKEN = ["demo-congrats", "tt-weasels", "vm-intro"]
# Some of what the first of them says, without the words that are in every text.
SAID = """congratulations successfully installed executed open source also installed set sample sounds configuration files
should help get started normal navigate demonstration dialing console instead real phone use dial answer hang commands
simulate actions standard telephone""".split()


def joined(names, pause=0.7):
    """These prompts one after another, as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as whole:
        whole.setparams((1, 2, RATE, 0, "NONE", ""))
        for name in names:
            with wave.open(str(SOUNDS / f"{name}.wav")) as prompt:
                assert prompt.getframerate() == RATE, name
                whole.writeframes(prompt.readframes(prompt.getnframes()) + bytes(2 * int(pause * RATE)))
    return out.getvalue()


def long_talk(seconds):
    """As many prompts as it takes."""
    names, total = [], 0.0
    for file in sorted(SOUNDS.glob("*.wav")):
        if total > seconds:
            break
        with wave.open(str(file)) as prompt:
            length = prompt.getnframes() / RATE
        if length > 1.5:
            names.append(file.stem)
            total += length
    return joined(names, 0.2)


def artwork():
    image = Image.new("RGB", (1400, 1400), "teal")
    ImageDraw.Draw(image).ellipse((300, 300, 1100, 1100), fill="gold")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


class Bucket:
    """The S3 server of the tests, in a folder."""

    def __init__(self, folder):
        folder.mkdir()
        self.process = subprocess.Popen([SOURCE / "src/testing/s3/run", folder], stdout=subprocess.PIPE, text=True)
        self.port = int(re.fullmatch(r"listening on (\d+)\n", self.process.stdout.readline()).group(1))

    def settings(self):
        return {"S3_ENDPOINT": f"http://127.0.0.1:{self.port}", "S3_BUCKET": "bucket", "S3_REGION": "eu-test-1",
                "S3_PATH_STYLE": "true", "AWS_ACCESS_KEY_ID": "AKIDODEON", "AWS_SECRET_ACCESS_KEY": "secret/of+the=test"}

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


class Host:
    """Whoever makes a podcast."""

    def __init__(self, server, mail="host@example.com"):
        self.server, self.token = server, None
        self.token = self.call("POST", "/api/auth/register", {"email": mail, "password": "Correct horse 1",
                                                              "full_name": "A Host"})["access_token"]

    def send(self, method, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        if self.token:
            headers = {**headers, "Authorization": "Bearer " + self.token}
        connection.request(method, "/podcasts" + path, body, headers)
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        assert reply.status < 300, (method, path, reply.status, content[:500])
        return json.loads(content)

    def call(self, method, path, body=None):
        return self.send(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})

    def form(self, path, fields, name, file, kind):
        parts = [f'--XX\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
                 for key, value in fields.items()]
        head = (f'--XX\r\nContent-Disposition: form-data; name="{name}"; filename="a"\r\nContent-Type: {kind}\r\n\r\n')
        return self.send("POST", path, b"".join(parts) + head.encode() + file + b"\r\n--XX--\r\n",
                         {"Content-Type": "multipart/form-data; boundary=XX"})

    def processed(self, episode):
        """The episode once all that follows from an upload is done, to which speech on a busy machine is slow."""
        deadline = time.monotonic() + 2 * PATIENCE
        while time.monotonic() < deadline:
            status = self.call("GET", f"/api/episodes/{episode}/status")
            if status["processing_status"] in ("complete", "error"):
                shown = self.call("GET", f"/api/episodes/{episode}")
                assert not shown["processing_error"], shown["processing_error"]
                return shown
            time.sleep(0.5)  # within what may be asked in a minute
        raise AssertionError(f"never done: {status}")


def curl(*arguments):
    return subprocess.run(["curl", "-sS", "--max-time", "60", *arguments], check=True, capture_output=True).stdout


def ran(*command):
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def installed(product):
    folder = BUILD / "npm" / product
    subprocess.run([SOURCE / "scripts/npm-install", SOURCE / f"src/products/{product}/clients", folder], check=True)
    return folder


class Watched(http.server.ThreadingHTTPServer):
    """A page with a player; beneath it whatever the server has. Notes what was asked for in ranges."""
    PAGE = """<!doctype html><title>Player</title><audio id="player" preload="metadata" src="{audio}"></audio><script>
const player = document.getElementById("player"), told = {{}};
const tell = () => fetch("/told", {{method: "POST", body: JSON.stringify(told)}});
const until = (test) => new Promise((done) => {{
  const look = setInterval(() => {{ if (test()) {{ clearInterval(look); done(); }} }}, 50);
}});
player.onerror = () => {{ told.error = player.error.message; tell(); }};
player.onloadedmetadata = async () => {{
  told.duration = player.duration;
  await player.play();
  await until(() => player.currentTime > 0.5);
  told.began = player.currentTime;
  for (const part of [0.9, 0.4]) {{
    player.currentTime = player.duration * part;
    await until(() => !player.seeking && player.currentTime > player.duration * part + 0.3);
    told[part] = player.currentTime;
  }}
  tell();
}};
</script>"""

    def __init__(self, upstream, audio):
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.upstream, self.page, self.told, self.ranges = upstream, self.PAGE.format(audio=audio).encode(), {}, []
        self.done = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, status, headers, body):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            self.server.told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(200, [("Content-Length", "0")], b"")
            self.server.done.set()

        def do_GET(self):
            if self.path == "/":
                page = self.server.page
                return self.answer(200, [("Content-Type", "text/html"), ("Content-Length", str(len(page)))], page)
            connection = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=PATIENCE)
            wanted = {name: value for name, value in self.headers.items() if name.lower() == "range"}
            connection.request("GET", self.path, headers=wanted)
            reply = connection.getresponse()
            self.server.ranges.append((wanted.get("Range"), reply.status))
            self.send_response(reply.status)
            for name in ("Content-Type", "Content-Length", "Content-Range", "Accept-Ranges", "ETag"):
                if reply.headers[name]:
                    self.send_header(name, reply.headers[name])
            self.end_headers()
            try:
                # No faster than a line of 16 Mbit/s, so that the player has not read all of it before it is asked to seek.
                while piece := reply.read(64 * 1024):
                    self.wfile.write(piece)
                    time.sleep(1 / 32)
            except OSError:
                self.close_connection = True  # it wants another part
            connection.close()

        def log_message(self, *_):
            pass


class PodcastsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = pathlib.Path(folder.name)

    def begin(self, server):
        host = Host(server)
        server.give("host@example.com", "podcasts", "creator")
        show = host.call("POST", "/api/podcasts", {
            "title": "Weasels & phones", "description": "What <b>prompts</b> say.", "author": "A Host",
            "category": "Technology", "owner_email": "host@example.com", "type": "serial"})
        shown = host.form(f"/api/podcasts/{show['id']}/artwork", {}, "artwork", artwork(), "image/png")
        return host, {**show, "artwork_url": shown["artwork_url"]}

    def feed_of(self, show):
        """What each of the parsers reads."""
        file = self.data / "feed.xml"
        file.write_bytes(curl(show["rss_url"]))
        self.assertEqual(curl("--compressed", show["rss_url"]), file.read_bytes())
        clients, others = installed("podcasts"), installed("briefings")
        both = ran("/usr/bin/python3", SOURCE / "src/products/podcasts/clients/feed.py", file, show["rss_url"])
        return {**both, "partytime": ran("node", clients / "feed.mjs", file),
                "rss-parser": ran("node", others / "feed.mjs", file)}

    def test_what_people_say_becomes_a_feed(self):
        with Server(self.data, BRIEFINGS_FEEDS="") as server:
            self.all_the_way(server)

    def test_a_bucket_does_as_well(self):
        bucket = Bucket(self.data / "s3")
        self.addCleanup(bucket.stop)
        with Server(self.data, BRIEFINGS_FEEDS="", **bucket.settings()) as server:
            self.all_the_way(server)
        kept = [file for file in (self.data / "s3/bucket").rglob("*") if file.is_file()]
        self.assertTrue(any(file.stat().st_size > 100_000 for file in kept), kept)
        self.assertFalse([file for file in (self.data / "objects").rglob("*") if file.is_file()])

    def all_the_way(self, server):
        host, show = self.begin(server)
        sent = host.call("POST", f"/api/podcasts/{show['id']}/episodes", {"title": "Weasels <1>", "episode_number": 7})
        host.form("/api/upload", {"episode_id": sent["id"]}, "file", joined(SPOKEN), "audio/wav")
        episode = host.processed(sent["id"])
        heard = set(re.findall(r"[a-z]+", episode["transcript"].lower()))
        # A telephone has half of the band that pocketsphinx has learnt, which gets a third of it.
        recognised = [word for word in SAID if word in heard]
        self.assertGreater(len(recognised), len(SAID) / 5, episode["transcript"])
        self.assertTrue(episode["show_notes"])
        published = host.call("POST", f"/api/episodes/{sent['id']}/publish", {})
        self.assertEqual(published["status"], "published")

        read = self.feed_of(show)
        mp3 = self.data / "episode.mp3"
        enclosure = read["feedparser"]["entries"][0]["enclosures"][0]
        self.assertEqual(enclosure["href"], published["audio_file_url"])
        mp3.write_bytes(curl(enclosure["href"]))
        self.parsed(read, show, published, mp3)
        self.served(enclosure["href"], mp3.read_bytes(), show)
        self.tagged(mp3, published, read["partytime"]["items"][0])

    def parsed(self, read, show, episode, mp3):
        length, seconds = mp3.stat().st_size, float(measured(mp3)[0]["format"]["duration"])
        universal, gpodder, party, node = (read[name] for name in ("feedparser", "podcastparser", "partytime", "rss-parser"))
        self.assertFalse(universal["bozo"])
        for feed in (universal, gpodder, party, node):
            self.assertEqual(feed["title"], "Weasels & phones")
        self.assertEqual(universal["image"], show["artwork_url"])
        with Image.open(io.BytesIO(curl(show["artwork_url"]))) as image:
            self.assertEqual(image.size, (1400, 1400))
        for item in (gpodder["episodes"][0], party["items"][0], node["items"][0]):
            self.assertEqual(item["guid"], episode["guid"])
        self.assertEqual(universal["entries"][0]["id"], episode["guid"])
        self.assertEqual(int(universal["entries"][0]["enclosures"][0]["length"]), length)
        self.assertEqual(gpodder["episodes"][0]["enclosures"][0]["file_size"], length)
        self.assertEqual(party["items"][0]["enclosure"]["length"], length)
        self.assertEqual(int(node["items"][0]["enclosure"]["length"]), length)
        self.assertAlmostEqual(gpodder["episodes"][0]["total_time"], seconds, delta=1)
        self.assertEqual(party["items"][0]["itunesEpisode"], episode["episode_number"])
        self.assertTrue(party["locked"])
        self.assertIn("<p>", node["items"][0]["content:encoded"])
        self.assertIn("<p>", gpodder["episodes"][0]["description_html"])

    def served(self, url, whole, show):
        self.assertEqual(curl("-r", "0-1", url), whole[:2])
        self.assertEqual(curl("-r", "-100", url), whole[-100:])
        head = curl("-I", "-r", "100-199", url).decode()
        self.assertIn(" 200 ", head.splitlines()[0])
        self.assertRegex(head.lower(), rf"content-length: {len(whole)}\b")
        part = self.data / "part.mp3"
        part.write_bytes(whole[:1000])
        curl("-C", "-", "-o", part, url)  # gone on with where it broke off
        self.assertEqual(part.read_bytes(), whole)
        etags = self.data / "etag"
        curl("--etag-save", etags, "-o", self.data / "first", show["rss_url"])
        again = curl("--etag-compare", etags, "-w", "%{http_code}", "-o", self.data / "again", show["rss_url"])
        self.assertEqual(again, b"304")

    def tagged(self, mp3, episode, item):
        _, loudness, peak = measured(mp3)
        self.assertAlmostEqual(loudness, -16, delta=0.2)
        self.assertLessEqual(peak, -1)
        tags = MP3(mp3).tags
        self.assertEqual([str(tags[name]) for name in ("TIT2", "TALB", "TPE1", "TRCK")],
                         ["Weasels <1>", "Weasels & phones", "A Host", str(episode["episode_number"])])
        with Image.open(io.BytesIO(tags.getall("APIC")[0].data)) as image:
            self.assertEqual(image.size, (600, 600))
        captions = {each["type"]: each["url"] for each in item["podcastTranscripts"]}
        vtt = self.data / "said.vtt"
        vtt.write_bytes(curl(captions["text/vtt"]))
        spoken = " ".join(caption.text for caption in webvtt.read(str(vtt)))
        self.assertEqual(spoken.split(), episode["transcript"].split())
        if "podcastChapters" in item:
            chapters = json.loads(curl(item["podcastChapters"]["url"]))["chapters"]
            self.assertEqual([str(each.sub_frames["TIT2"]) for each in tags.getall("CHAP")],
                             [each["title"] for each in chapters])

    def test_a_browser_plays_it_and_seeks(self):
        browser = shutil.which("chromium")
        self.assertTrue(browser, "scripts/setup test installs it")
        with Server(self.data, BRIEFINGS_FEEDS="") as server:
            host, show = self.begin(server)
            sent = host.form("/api/upload", {"podcast_id": show["id"], "title": "Long", "transcribe": "false",
                                             "show_notes": "false", "bitrate": "320"}, "file", long_talk(180), "audio/wav")
            host.processed(sent["id"])
            episode = host.call("POST", f"/api/episodes/{sent['id']}/publish", {})
            page = Watched(server.port, urllib.parse.urlsplit(episode["audio_file_url"]).path)
            self.addCleanup(page.server_close)
            self.addCleanup(page.shutdown)
            shown = subprocess.Popen(
                [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--mute-audio",
                 "--autoplay-policy=no-user-gesture-required", f"--user-data-dir={self.data / 'browser'}",
                 "--remote-debugging-port=0", f"http://127.0.0.1:{page.server_port}/"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                self.assertTrue(page.done.wait(PATIENCE), page.ranges)
            finally:
                shown.terminate()
                shown.wait(PATIENCE)
        self.assertNotIn("error", page.told)
        duration = page.told["duration"]
        self.assertAlmostEqual(duration, episode["duration_seconds"], delta=1)
        self.assertGreater(page.told["0.9"], 0.9 * duration)
        self.assertLess(page.told["0.4"], 0.5 * duration, "back again")
        size = episode["audio_file_size_bytes"]
        offsets = [int(wanted[6:].split("-")[0]) for wanted, status in page.ranges if wanted and status == 206]
        self.assertTrue(any(offset > 0.8 * size for offset in offsets), page.ranges)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)
