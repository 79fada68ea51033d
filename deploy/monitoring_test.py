#!/usr/bin/python3
"""Whether alerts and dashboards would show what they say: monitoring_test.py ODEON SOURCE_DIR

Prometheus' own promtool reads the rules, tests them and parses every expression; a running server, that has answered
questions by a model, exposes every metric that they name.
"""
import http.server
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import yaml

SOURCE = pathlib.Path(sys.argv[2]).resolve()
sys.path.insert(0, str(SOURCE / "src/server"))
from program import PATIENCE, Server  # noqa: E402

DEPLOY = SOURCE / "deploy"
PROMETHEUS, GRAFANA = DEPLOY / "prometheus", DEPLOY / "grafana"
RULES = [rule for group in yaml.safe_load((PROMETHEUS / "alerts.yaml").read_text())["groups"] for rule in group["rules"]]
TESTS = sorted(PROMETHEUS.glob("alerts_*test.yaml"))
DASHBOARDS = {path.name: json.loads(path.read_text()) for path in sorted((GRAFANA / "dashboards").glob("*.json"))}

# Not exposed before something happened that this test does not do.
ON_EVENTS = {
    "http_refused_total": "requests are refused before any endpoint",
    "odeon_briefings_active_listeners_total": "apps report what listeners did",
    "odeon_briefings_plays_completed_total": "apps report what listeners did",
    "odeon_briefings_plays_total": "apps report what listeners did",
    "odeon_feature_people": "people are counted anew, ten minutes after the last time",
}


def promtool(*arguments):
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True)


def panels():
    return [(name, panel) for name, dashboard in DASHBOARDS.items() for panel in dashboard["panels"]]


def expressions():
    """Every (where, expression) of alerts and dashboards, the latter with Grafana's variables filled in."""
    return ([(rule["alert"], rule["expr"]) for rule in RULES]
            + [(f"{name}: {panel['title']}", target["expr"].replace("$__rate_interval", "5m"))
               for name, panel in panels() for target in panel["targets"]])


def named_metrics():
    names = (name for _, expression in expressions()
             for name in re.findall(r"\b(?:odeon|http|model|process|active)_[a-z_]+", re.sub(r'"[^"]*"', "", expression)))
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in names}


class Alerts(unittest.TestCase):
    def test_are_rules(self):
        run = promtool("check", "rules", PROMETHEUS / "alerts.yaml")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_fire_when_they_should_and_not_else(self):
        run = promtool("test", "rules", *TESTS)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_are_tested_both_ways(self):
        cases = [case for path in TESTS for test in yaml.safe_load(path.read_text())["tests"]
                 for case in test["alert_rule_test"]]
        for rule in RULES:
            with self.subTest(rule["alert"]):
                fires = {bool(case["exp_alerts"]) for case in cases if case["alertname"] == rule["alert"]}
                self.assertEqual(fires, {True, False})

    def test_say_how_bad_it_is_and_what_to_do(self):
        runbook = (SOURCE / "docs/operations.md").read_text()
        for rule in RULES:
            with self.subTest(rule["alert"]):
                self.assertIn(rule["labels"]["severity"], {"critical", "high", "medium"})
                self.assertTrue(rule["annotations"]["summary"])
                self.assertTrue(f"`{rule['alert']}`" in runbook, "docs/operations.md does not have it")

    def test_are_loaded_by_every_configuration(self):
        # kubernetes.yaml is only a part of one, and Debian's promtool knows no Kubernetes.
        for name in ("prometheus.yaml", "compose.yaml"):
            with self.subTest(name):
                run = promtool("check", "config", PROMETHEUS / name)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
                self.assertEqual(yaml.safe_load((PROMETHEUS / name).read_text())["rule_files"], ["alerts.yaml"])


class Dashboards(unittest.TestCase):
    def test_are_told_apart(self):
        self.assertEqual(len(DASHBOARDS), 4)
        for key in ("uid", "title"):
            self.assertEqual(len({dashboard[key] for dashboard in DASHBOARDS.values()}), len(DASHBOARDS))
        for name, dashboard in DASHBOARDS.items():
            with self.subTest(name):
                for key in ("id", "title"):
                    values = [panel[key] for panel in dashboard["panels"]]
                    self.assertEqual(len(set(values)), len(values))
                for panel in dashboard["panels"]:
                    references = [target["refId"] for target in panel["targets"]]
                    self.assertEqual(len(set(references)), len(references))

    def test_have_panels_beside_one_another(self):
        for name, dashboard in DASHBOARDS.items():
            taken = set()
            for panel in dashboard["panels"]:
                with self.subTest(name, panel=panel["title"]):
                    at = panel["gridPos"]
                    self.assertLessEqual(at["x"] + at["w"], 24)
                    cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
                    self.assertTrue(cells)
                    self.assertFalse(cells & taken)
                    taken |= cells

    def test_ask_the_data_source_that_is_provisioned(self):
        [source] = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yaml").read_text())["datasources"]
        for name, panel in panels():
            for part in [panel, *panel["targets"]]:
                with self.subTest(name, panel=panel["title"]):
                    self.assertEqual(part["datasource"], {"type": source["type"], "uid": source["uid"]})

    def test_have_expressions_that_prometheus_understands(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            rules = [{"record": f"panel:{number}", "expr": expression}
                     for number, (_, expression) in enumerate(expressions())]
            yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}, file)
            file.flush()
            run = promtool("check", "rules", file.name)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_are_where_the_containers_look(self):
        services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
        [provider] = yaml.safe_load((GRAFANA / "provisioning/dashboards/odeon.yaml").read_text())["providers"]
        volumes = dict(volume.split(":")[:2] for volume in services["grafana"]["volumes"])
        self.assertEqual(volumes["./grafana/dashboards"], provider["options"]["path"])
        for service in ("prometheus", "grafana"):
            self.assertEqual(services[service]["profiles"], ["monitoring"])
            for volume in services[service]["volumes"]:
                if volume.startswith("./"):
                    self.assertTrue((DEPLOY / volume.split(":")[0]).is_dir(), volume)


class Model(http.server.BaseHTTPRequestHandler):
    """OpenAI's chat completions, as far as one word goes."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        usage = {"prompt_tokens": 7, "completion_tokens": 1, "total_tokens": 8}
        base = {"id": "1", "created": 1, "model": asked.get("model", "")}
        if asked.get("stream"):
            chunks = [{"choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hello"}, "finish_reason": None}]},
                      {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}, {"choices": [], "usage": usage}]
            lines = [json.dumps({**base, "object": "chat.completion.chunk", **chunk}) for chunk in chunks] + ["[DONE]"]
            kind, answer = "text/event-stream", "".join(f"data: {line}\n\n" for line in lines)
        else:
            message = {"role": "assistant", "content": "Hello"}
            kind, answer = "application/json", json.dumps(
                {**base, "object": "chat.completion", "usage": usage,
                 "choices": [{"index": 0, "finish_reason": "stop", "message": message}]})
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_):
        pass


class Metrics(unittest.TestCase):
    def test_that_are_named_are_exposed(self):
        named = named_metrics()
        self.assertLess(set(ON_EVENTS), named)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model) as model, tempfile.TemporaryDirectory() as data:
            threading.Thread(target=model.serve_forever, daemon=True).start()
            try:
                with Server(data, OPENAI_BASE_URL=f"http://127.0.0.1:{model.server_port}", OPENAI_SPEECH_MODEL="") as server:
                    self.ask(server)
                    missing, text = self.missing(server, named - set(ON_EVENTS))
            finally:
                model.shutdown()
        self.assertFalse(missing)
        # The labels that alerts choose by.
        for series in (r'model_api_latency_seconds_count\{model="[\w.-]+",status="success"\}',
                       r'model_api_cost_usd\{model="[\w.-]+",user_tier="pro"\}',
                       r'http_request_duration_seconds_bucket\{method="POST",route="/api/chat",status="200",le="10"\}',
                       r'odeon_ai_requests_total\{model="openai/[\w.-]+",outcome="ok",task="[\w.]+"\}',
                       r'odeon_cost_today_usd\{product="chat"\}',
                       r'odeon_daily_revenue_usd\{product="chat",tier="ultra"\}',
                       r'odeon_contracts\{product="chat",tier="ultra"\}'):
            self.assertRegex(text, "(?m)^" + series)
        run = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
        self.assertIn(run.returncode, {0, 3}, run.stderr)  # 3: names are not all as Prometheus would have them

    def ask(self, server):
        status, _, session = server.post("/chat/api/auth/signup", {"email": "ann@example.com",
                                                                   "password": "correct horse battery", "consent": True})
        self.assertEqual(status, 201, session)
        bearer = {"Authorization": "Bearer " + session["sessionToken"], "Accept": "application/json"}
        status, _, answer = server.post("/chat/api/chat", {"text": "Say hello."}, bearer)
        self.assertEqual(status, 200, answer)
        # The public API is ULTRA's, and has a cache.
        server.give("ann@example.com", "chat", "ultra")
        time.sleep(1.1)  # a plan that is given elsewhere is felt within a second
        status, _, answer = server.post("/chat/v1/chat/completions", {
            "model": "gpt-4o", "temperature": 0, "messages": [{"role": "user", "content": "Hello"}]}, bearer)
        self.assertEqual(status, 200, answer)

    def missing(self, server, names):
        """Those that are not there even after a while: the server makes a briefing meanwhile."""
        end = time.monotonic() + PATIENCE
        while True:
            text = server.get("/metrics")[1].decode()
            missing = names - set(re.findall(r"(?m)^# TYPE (\w+) ", text))
            if not missing or time.monotonic() > end:
                return missing, text
            time.sleep(0.2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
