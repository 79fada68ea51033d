#!/usr/bin/python3
"""News from web servers as they are: sources_test.py ODEON SOURCE_DIR

Feeds over HTTP that have not changed, that moved, that are far too long and that hang up, from Python's http.server;
and what the program says of them.
"""
import http.server
import pathlib
import sys
import tempfile
import threading
import unittest

from program import SOURCE, Server, Voice

FEED = (SOURCE / "examples/feeds/meridian-wire.xml").read_bytes()
ETAG = '"edition-7"'


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append((self.path, self.headers["If-None-Match"]))
        if self.path == "/feed.xml" and self.headers["If-None-Match"] == ETAG:
            self.answer(304, ETag=ETAG)
        elif self.path == "/feed.xml":
            self.answer(200, FEED, ETag=ETAG)
        elif self.path == "/old.xml":
            self.answer(301, Location="/newer.xml")
        elif self.path == "/newer.xml":
            self.answer(302, Location="/newest.xml")
        elif self.path == "/newest.xml":
            self.answer(200, FEED)
        elif self.path == "/circle.xml":
            self.answer(302, Location="/circle.xml")
        elif self.path == "/endless.xml":
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.close_connection = True
            try:
                self.wfile.write(b"<rss><channel><title>")
                while self.server.endless_sent < 1 << 30:
                    self.wfile.write(b"x" * 65536)
                    self.server.endless_sent += 65536
            except OSError:
                pass
        elif self.path == "/cut.xml":
            self.send_response(200)
            self.send_header("Content-Length", str(len(FEED)))
            self.end_headers()
            self.wfile.write(FEED[:1000])
            self.close_connection = True
        else:
            self.answer(404)

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Sources(unittest.TestCase):
    def serve(self, handler):
        served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=served.serve_forever, daemon=True).start()
        self.addCleanup(served.server_close)
        self.addCleanup(served.shutdown)
        return served

    def setUp(self):
        self.web, self.voice = self.serve(Web), self.serve(Voice)
        self.web.seen, self.web.endless_sent = [], 0
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = pathlib.Path(folder.name)

    def test_feeds_come_as_the_web_gives_them(self):
        names = ("feed", "old", "circle", "endless", "cut", "gone")
        address = {name: f"http://127.0.0.1:{self.web.server_port}/{name}.xml" for name in names}
        with Server(self.data, BRIEFINGS_FEEDS=",".join(address.values()),
                    KOKORO_URL=f"http://127.0.0.1:{self.voice.server_port}") as server:
            edition = server.json("/briefings/api/briefings/" + server.edition()["id"])["data"]
            became = [source["reason"] if not source["used"] else source["articles"] for source in edition["sources"]]
            there = FEED.count(b"<item>")
            self.assertEqual(became, [there, there, "This source has moved to another address.",
                                      "This feed is larger than 4 MB.", "This address could not be reached.",
                                      "There is nothing at this address any more."])
            # What the sockets hold on both sides is on its way beyond the limit, no more.
            self.assertLess(self.web.endless_sent, 40 << 20)
            self.assertEqual(self.asked("/feed.xml"), [None])

            # Asked again, for somebody's own briefing: it has not changed, and its articles are still at hand.
            own = server.own_briefing()
            feed = next(source for source in own["sources"] if source["address"] == address["feed"])
            self.assertEqual((feed["used"], feed["articles"]), (True, there))
            first, *later = self.asked("/feed.xml")
            self.assertEqual((first, set(later)), (None, {ETAG}))

    def asked(self, path):
        """The conditions under which it was asked for, in order."""
        return [condition for asked, condition in self.web.seen if asked == path]


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
