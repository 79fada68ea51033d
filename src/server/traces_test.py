#!/usr/bin/python3
"""One trace through the finished program: traces_test.py ODEON SOURCE_DIR BUILD_DIR

A personal briefing is asked for by somebody who traces it; its job and the calls of a model must be found below that
request, by a collector that reads OTLP with OpenTelemetry's own description of it, and by the model.
"""
import http.client
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ODEON, SOURCE, BUILD = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
PATIENCE = 240  # seconds; machines are slow under sanitizers
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


class StandIn(http.server.ThreadingHTTPServer):
    """Keeps what is posted and gives an answer; the first `refusals` are sent away."""

    def __init__(self, answer, refusals=0):
        self.seen, self.refusals = [], refusals
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stand_in.refusals -= 1
                refused = stand_in.refusals >= 0
                if not refused:
                    stand_in.seen.append((self.path, self.headers, body.decode()))
                self.send_response(503 if refused else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def wait_for_a_body(self):
        end = time.monotonic() + PATIENCE
        while not self.seen:
            assert time.monotonic() < end, "nothing came"
            time.sleep(0.05)

    def __enter__(self):
        threading.Thread(target=self.serve_forever).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


def call(port, method, path, body=None, headers={}):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, path, json.dumps(body) if body is not None else None,
                       {"Content-Type": "application/json", **headers})
    reply = connection.getresponse()
    content = json.loads(reply.read())
    connection.close()
    return reply.status, content


def trace_a_briefing(port, data):
    mail = "ada.secretive@example.com"
    status, session = call(port, "POST", "/auth/v1/signup?token=secretive",
                           {"email": mail, "password": "secretive battery"})
    assert status == 200, session
    subprocess.run([ODEON, "admin", "--data", data, "set-plan", mail, "briefings", "premium"], check=True,
                   stdout=subprocess.DEVNULL)
    bearer = {"Authorization": f"Bearer {session['access_token']}"}
    status, asked = call(port, "POST", "/briefings/api/briefings/personalized",
                         {"tickers": ["AAPL"], "length": "short"}, {**bearer, "traceparent": f"00-{TRACE}-{PARENT}-01"})
    assert status == 200 and asked["data"]["status"] == "queued", asked
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        status, briefing = call(port, "GET", f"/briefings/api/briefings/{asked['data']['briefing_id']}", None, bearer)
        if briefing["data"]["status"] == "ready":
            return
        time.sleep(0.2)
    raise AssertionError(briefing)


class Traces(unittest.TestCase):
    def test_a_request_its_job_and_the_call_of_a_model_are_one_trace(self):
        reply = {"id": "1", "object": "chat.completion", "model": "gpt-4o-mini",
                 "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{}"}}],
                 "usage": {"prompt_tokens": 7, "completion_tokens": 1, "total_tokens": 8}}
        with StandIn(b"{}", refusals=1) as collector, StandIn(json.dumps(reply).encode()) as model, \
                tempfile.TemporaryDirectory() as data, tempfile.TemporaryFile() as log:
            process = subprocess.Popen(
                [ODEON, "serve", "--port", "0", "--data", data], stdout=subprocess.PIPE, stderr=log, text=True, cwd=data,
                env={**os.environ, "BRIEFINGS_FEEDS": str(SOURCE / "examples/feeds/meridian-wire.xml"),
                     "BRIEFINGS_QUOTES": str(SOURCE / "examples/quotes.csv"), "OPENAI_BASE_URL": model.url,
                     "OPENAI_SPEECH_MODEL": "", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
                     "OTEL_EXPORTER_OTLP_HEADERS": "x-api-key=for%20you", "OTEL_SERVICE_NAME": "odeon-test",
                     "OTEL_TRACES_SAMPLER_ARG": "0"})
            try:
                line = process.stdout.readline()
                self.assertRegex(line, r"^listening on http://127\.0\.0\.1:\d+$")
                trace_a_briefing(int(line.rsplit(":", 1)[1]), data)
                collector.wait_for_a_body()  # the first was refused, and is sent again
            finally:
                process.terminate()
                code = process.wait(PATIENCE)
                process.stdout.close()
            said = os.pread(log.fileno(), 1 << 20, 0).decode(errors="replace")
            self.assertEqual(code, 0, said)

        for path, headers, _ in collector.seen:
            self.assertEqual((path, headers["x-api-key"]), ("/v1/traces", "for you"))
        bodies = [body for _, _, body in collector.seen]
        self.assertNotIn("secretive", "".join(bodies))
        self.assertIn("odeon-test", bodies[0])
        self.understood(bodies)

        # By their ids: what was under way as the server stopped may have been sent twice.
        spans = {span["spanId"]: span for body in bodies for resource in json.loads(body)["resourceSpans"]
                 for scope in resource["scopeSpans"] for span in scope["spans"]}.values()
        # Nothing that began here, for the ratio is 0.
        self.assertEqual({span["traceId"] for span in spans}, {TRACE})
        [request] = [span for span in spans if span["kind"] == 2]
        self.assertEqual(request["name"], "POST /api/briefings/personalized")
        self.assertEqual(request["parentSpanId"], PARENT)
        [job] = [span for span in spans if span["name"] == "process briefings.make"]
        self.assertEqual(job["parentSpanId"], request["spanId"])
        [chat] = [span for span in spans if span["name"].startswith("chat ")]
        self.assertEqual((chat["name"], chat["kind"], chat["parentSpanId"]), ("chat gpt-4o-mini", 3, job["spanId"]))
        spoken = [span for span in spans if span["name"].startswith("speak ")]
        self.assertTrue(spoken)
        self.assertEqual({span["parentSpanId"] for span in spoken}, {job["spanId"]})
        told = [headers["traceparent"] for _, headers, _ in model.seen]
        self.assertIn(f"00-{TRACE}-{chat['spanId']}-01", told)
        for parent in told:
            self.assertTrue(re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]", parent), parent)

    def understood(self, bodies):
        installed = BUILD / "npm/collector"
        subprocess.run([SOURCE / "scripts/npm-install", SOURCE / "src/engine/http/collector", installed], check=True)
        checked = subprocess.run(["node", installed / "check.mjs"], input="\n".join(bodies), capture_output=True,
                                 text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertGreater(int(checked.stdout), 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
