"""The finished program for tests that start it: the first two arguments of such a test are ODEON and SOURCE_DIR."""
import http.client
import http.server
import json
import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time

ODEON, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
FEEDS = ",".join(str(path) for path in sorted((SOURCE / "examples/feeds").glob("*.xml")))
PATIENCE = 300  # seconds; machines are slow under sanitizers


class Server:
    """`odeon serve` on a free port."""

    def __init__(self, data, **environment):
        self.data, self.log = data, tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [ODEON, "serve", "--port", "0", "--data", str(data)], stdout=subprocess.PIPE, stderr=self.log,
            text=True, cwd=data, env={**os.environ, "BRIEFINGS_FEEDS": FEEDS, **environment},
            preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN))  # too large a file is an error like others
        line = self.process.stdout.readline()
        found = re.fullmatch(r"listening on https?://127\.0\.0\.1:(\d+)\n", line)
        if not found:
            raise AssertionError(f"the server did not start: {line!r} {self.said()}")
        self.port = int(found.group(1))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.log.close()

    def said(self):
        """Its log, and what a sanitizer has to say."""
        return os.pread(self.log.fileno(), 1 << 20, 0).decode(errors="replace")

    def get(self, path, headers={}, method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, path, headers=headers)
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return reply, body

    def post(self, path, body, headers={}):
        """The status, the header and the JSON of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
        reply = connection.getresponse()
        answer = json.loads(reply.read())
        connection.close()
        return reply.status, reply.headers, answer

    def json(self, path):
        return json.loads(self.get(path)[1])

    def wait_for_metric(self, series):
        """Returns once `series` is above 0."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for line in self.get("/metrics")[1].decode().splitlines():
                if line.startswith(series + " ") and float(line.split()[-1]) > 0:
                    return
            time.sleep(0.1)
        raise AssertionError(series + " stayed at 0")

    def signup(self, mail="ann@example.com"):
        """A new person's token."""
        status, _, answer = self.post("/auth/v1/signup", {"email": mail, "password": "correct horse"})
        assert status == 200, answer
        return answer["access_token"]

    def give(self, mail, product, plan):
        subprocess.run([ODEON, "admin", "--data", self.data, "set-plan", mail, product, plan], check=True,
                       capture_output=True)

    def own_briefing(self, mail="ann@example.com", tickers=("AAPL",), token=None):
        """A briefing of a person (a new one without a token) with the dearest plan, once it is ready."""
        bearer = {"Authorization": "Bearer " + (token or self.signup(mail))}
        self.give(mail, "briefings", "pro")
        status, _, asked = self.post("/briefings/api/briefings/personalized", {"tickers": tickers, "length": "short"}, bearer)
        assert status == 200, asked
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            briefing = json.loads(self.get("/briefings/api/briefings/" + asked["data"]["briefing_id"], bearer)[1])["data"]
            assert briefing["status"] != "failed", briefing
            if briefing["status"] == "ready":
                return briefing
            time.sleep(0.2)  # the poll has a rate
        raise AssertionError("no briefing was made")

    def edition(self):
        """The first edition, once it is ready."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            body = self.json("/briefings/api/briefings/general/latest")
            if body["success"]:
                return body["data"]
            time.sleep(0.05)
        raise AssertionError("no edition was made")


def measured(mp3):
    """What ffprobe and ffmpeg say of a file: (format, tags and chapters; loudness in LUFS; true peak in dBFS)."""
    probe = json.loads(subprocess.run(
        ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_chapters", str(mp3)],
        capture_output=True, check=True, text=True).stdout)
    said = subprocess.run(["ffmpeg", "-nostats", "-i", str(mp3), "-af", "ebur128=peak=true", "-f", "null", "-"],
                          capture_output=True, check=True, text=True).stderr
    summary = said[said.rindex("Summary:"):]
    return (probe, float(re.search(r"I:\s+(-?[\d.]+) LUFS", summary).group(1)),
            float(re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary).group(1)))


class Voice(http.server.BaseHTTPRequestHandler):
    """What a Kokoro server answers: half a second of a tone for every seven letters, as speech has them."""

    def do_POST(self):
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        count = 24000 * max(1, len(order["input"])) // 14
        sound = b"".join(struct.pack("<h", 6000 if i // 40 % 2 else -6000) for i in range(2400)) * (count // 2400 + 1)
        sound = sound[:2 * count]
        head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(sound), b"WAVE", b"fmt ", 16, 1, 1, 24000, 48000, 2, 16,
                           b"data", len(sound))
        self.send_response(200)
        self.send_header("Content-Type", "audio/wav")
        self.send_header("Content-Length", str(len(head) + len(sound)))
        self.end_headers()
        self.wfile.write(head + sound)

    def log_message(self, *_):
        pass
