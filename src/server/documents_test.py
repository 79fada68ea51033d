#!/usr/bin/python3
"""What the program says of its API: documents_test.py ODEON SOURCE_DIR

A validator that nobody here wrote reads the OpenAPI document; Debian's Chromium opens the page that shows it.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from program import ODEON, PATIENCE, SOURCE, Server


def printed():
    return subprocess.run([ODEON, "openapi", "briefings"], capture_output=True, check=True, text=True).stdout


def properties(document, name):
    return document["components"]["schemas"][name]["properties"]


class Documents(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.data = pathlib.Path(self.folder.name)

    def test_the_page_and_the_program_have_the_same_document(self):
        with Server(self.data, BRIEFINGS_FEEDS="") as server:
            reply, page = server.get("/docs")
            self.assertIn("text/html", reply.headers["Content-Type"])
            for asset in re.findall(rb'(?:href|src)="(/docs/[^"]+)"', page):
                self.assertEqual(server.get(asset.decode())[0].status, 200, asset)
            shown = server.json("/openapi.json?product=briefings")
        self.assertEqual(shown, json.loads(printed()))

    def test_says_what_a_failure_is_and_why_a_briefing_failed(self):
        document = json.loads(printed())
        self.assertIn("/api/briefings/{id}", document["paths"])
        why = properties(document, "Briefing")["error"]["$ref"].rpartition("/")[2]
        self.assertIn("retry_after", properties(document, why))
        self.assertEqual(set(properties(document, "ErrorAnswer")), {"success", "data", "error", "metadata"})

    def test_every_document_is_openapi(self):
        installed = ODEON.parent / "npm/openapi"
        subprocess.run([SOURCE / "scripts/npm-install", SOURCE / "src/server/openapi", installed], check=True)
        with Server(self.data, BRIEFINGS_FEEDS="") as server:
            names = [product["name"] for product in server.json("/docs/products.json")["products"]]
            self.assertIn("briefings", names)
            for name in names:
                document = server.get("/openapi.json?product=" + name)[1].decode()
                run = subprocess.run(["node", installed / "check.mjs"], input=document, capture_output=True, text=True)
                self.assertEqual((run.returncode, run.stdout), (0, "ok\n"), f"{name}: {run.stderr}")

    # Who runs a server is not for its document to say, summaries describe, and a WebSocket's success is 101.
    def test_every_document_lints(self):
        installed = ODEON.parent / "npm/openapi"
        subprocess.run([SOURCE / "scripts/npm-install", SOURCE / "src/server/openapi", installed], check=True)

        def lint(*documents):
            return subprocess.run([installed / "node_modules/.bin/spectral", "lint", "--quiet", "--fail-severity", "hint",
                                   "--ruleset", installed / "lint.json", *documents], capture_output=True, text=True)

        files = []
        with Server(self.data, BRIEFINGS_FEEDS="") as server:
            for product in server.json("/docs/products.json")["products"]:
                files.append(self.data / f"{product['name'] or 'server'}.json")
                files[-1].parent.mkdir(parents=True, exist_ok=True)
                files[-1].write_bytes(server.get("/openapi.json?product=" + product["name"])[1])
        run = lint(*files)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        faulty = json.loads(files[0].read_text())
        next(iter(next(iter(faulty["paths"].values())).values())).pop("operationId")
        files[0].write_text(json.dumps(faulty))
        self.assertNotEqual(lint(files[0]).returncode, 0, "it finds what is missing")

    def test_the_page_sends_what_the_document_says(self):
        run = subprocess.run(["node", SOURCE / "src/server/openapi/try_it.mjs", SOURCE / "src/server/assets/docs.js"],
                             capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stdout), (0, "ok\n"), run.stderr)

    def test_a_browser_shows_it(self):
        browser = shutil.which("chromium")
        self.assertTrue(browser, "scripts/setup test installs it")
        with Server(self.data, BRIEFINGS_FEEDS="", ODEON_PRODUCTS="briefings") as server:
            page = subprocess.run(
                [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                 f"--user-data-dir={self.data / 'browser'}", "--virtual-time-budget=20000", "--dump-dom",
                 f"http://127.0.0.1:{server.port}/docs"], capture_output=True, text=True, timeout=PATIENCE).stdout
        shown = set(re.findall(r'<code class="path">([^<]+)</code>', page))
        self.assertIn("/api/briefings/{id}", shown)
        self.assertIn("Bearer token", page)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
