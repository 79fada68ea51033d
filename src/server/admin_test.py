#!/usr/bin/python3
"""What operators do while a server runs, and how secrets lie on the disk: admin_test.py ODEON SOURCE_DIR

The real binary in a scratch folder; Python's sqlite3 and plain reading of bytes say what is in its files.
"""
import base64
import json
import os
import pathlib
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
import unittest

from operations_test import ODEON, PASSWORD, SOURCE, Server

MAIL = "ada@example.com"


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.data = self.folder / "data"
        self.data.mkdir()
        self.environment = {}

    def odeon(self, *arguments):
        return subprocess.run([ODEON, *arguments], capture_output=True, text=True, cwd=self.folder,
                              env={**os.environ, **self.environment})

    def admin(self, *arguments):
        run = self.odeon("admin", "--data", self.data, *arguments)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def json(self, *arguments):
        return json.loads(self.admin(*arguments, "--json"))

    def refused(self, *arguments, why):
        run = self.odeon("admin", "--data", self.data, *arguments)
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn(why, run.stderr)

    def serve(self, **environment):
        return Server(self.data, BRIEFINGS_FEEDS="", **self.environment, **environment)

    def sign_up(self, server, mail=MAIL):
        session = json.loads(server.call("POST", "/auth/v1/signup", {"email": mail, "password": PASSWORD})[1])
        return session["access_token"], session["user"]["id"]

    def who(self, server, token):
        return server.call("GET", "/auth/v1/user", headers={"Authorization": "Bearer " + token})[0]

    def rows(self, statement, *values):
        with sqlite3.connect(self.data / "odeon.db") as database:
            return database.execute(statement, values).fetchall()


class People(Case):
    def test_are_listed_shown_suspended_and_signed_out(self):
        with self.serve() as server:
            token, ada = self.sign_up(server)
            _, ben = self.sign_up(server, "ben@example.com")
            self.assertEqual([user["email"] for user in self.json("users")], [MAIL, "ben@example.com"])
            self.assertEqual([user["id"] for user in self.json("users", "--limit", "1")], [ada])
            self.assertEqual([user["id"] for user in self.json("users", "--after", ada)], [ben])
            self.assertIn(MAIL, self.admin("users"))

            self.assertEqual(self.json("set-plan", MAIL, "briefings", "pro")["plan"], "pro")
            self.json("verify-mail", MAIL)
            shown = self.json("user", MAIL)
            self.assertEqual(shown, self.json("user", ada))
            self.assertEqual({plan["product"]: plan["plan"] for plan in shown["plans"]}["briefings"], "pro")
            self.assertTrue(shown["mail_verified_at"])
            self.assertEqual(shown["links"], [])
            for part in ("plans:", "sessions:", "links:\nnone", "audit:", "plan_given"):
                self.assertIn(part, self.admin("user", MAIL))

            [session] = self.json("sessions", MAIL)
            self.refused("sign-out", "ben@example.com", session["id"], why="no session")
            self.assertEqual(self.who(server, token), 200)
            self.json("sign-out", MAIL, session["id"])
            time.sleep(1.1)  # an end is felt within a second on other nodes
            self.assertEqual(self.who(server, token), 401)
            self.refused("sign-out", MAIL, session["id"], why="no session")

            self.assertEqual(server.sign_in(MAIL), 200)
            self.json("suspend", MAIL)
            self.assertNotEqual(server.sign_in(MAIL), 200)
            self.json("restore", MAIL)
            self.assertEqual(server.sign_in(MAIL), 200)
            self.json("sign-out", MAIL)
            self.assertTrue(all(session["ended_at"] for session in self.json("sessions", MAIL)))

            by_operator = [entry["action"] for entry in self.json("audit", MAIL)
                           if entry["details"].get("by") == "operator"]
            self.assertEqual(by_operator, ["signed_out", "restored", "suspended", "signed_out", "mail_verified",
                                           "plan_given"])
            for mail in (MAIL, "eve@example.com"):
                self.assertEqual(server.call("POST", "/auth/v1/token?grant_type=password",
                                             {"email": mail, "password": "a guess"})[0], 400)
            actions = [entry["action"] for entry in self.json("audit", MAIL)]
            self.assertEqual(actions[0], "sign_in_failed")
            self.assertIn("signed_in", actions)
            [given] = [entry for entry in self.json("audit", MAIL) if entry["action"] == "plan_changed"]
            self.assertEqual((given["product"], given["details"]["plan"]), ("briefings", "pro"))
            [tried] = self.json("audit", "nobody")
            self.assertEqual((tried["action"], tried["product"]), ("sign_in_failed", "briefings"))
            self.assertNotIn("eve", json.dumps(tried))
            self.refused("user", "eve@example.com", why="Nobody here is eve@example.com")
            self.refused("set-plan", MAIL, "briefings", "gold", why="briefings has no plan gold")


    def test_come_from_elsewhere_with_their_passwords(self):
        people = [{"email": "Old@Example.com", "verified": True, "data": {"name": "Old"},
                   "password_hash": "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"},
                  {"email": MAIL}, {"email": "nobody"}, {"email": "new@example.com", "password_hash": "md5:1"}]
        file = self.folder / "people.jsonl"
        file.write_text("\n".join(map(json.dumps, people)) + "\n\n{broken\n")
        with self.serve() as server:
            _, ada = self.sign_up(server)
            came = self.json("bring-users", str(file))
            self.assertEqual((came["brought"], came["already_here"]), (1, 1))
            self.assertEqual([line["line"] for line in came["refused"]], [3, 4, 6])
            self.assertEqual(self.json("bring-users", str(file))["already_here"], 2)
            self.assertTrue(self.json("user", "old@example.com")["mail_verified_at"])

            def sign_in(password):
                return server.call("POST", "/auth/v1/token?grant_type=password",
                                   {"email": "old@example.com", "password": password})[0]
            self.assertEqual(sign_in("U*U"), 400)
            self.assertEqual(sign_in("U*U*"), 200)
            [(hash,)] = self.rows("SELECT password_hash FROM identity_accounts WHERE mail = 'old@example.com'")
            self.assertTrue(hash.startswith("$argon2id$"), hash)
            self.assertEqual(sign_in("U*U*"), 200)
            self.refused("bring-users", "nothing.jsonl", why="no file")


    def test_have_plans_that_are_listed(self):
        plans = self.json("plans")
        self.assertEqual({plan["product"] for plan in plans}, {"briefings", "stories", "chat", "podcasts", "studio"})
        chat = self.json("plans", "--product", "chat")
        self.assertEqual([plan["plan"] for plan in chat], ["none", "pro", "ultra", "enterprise"])
        self.assertEqual((chat[1]["monthly"], chat[1]["yearly"]), (4900, 0))
        self.assertIn("conversations_per_month 50", chat[1]["limits"])
        self.assertIn("Enterprise", self.admin("plans"))
        self.refused("plans", "--product", "poems", why="There is no product poems")


class Jobs(Case):
    def test_are_listed_tried_again_and_cancelled(self):
        with self.serve(ODEON_ROLE="api") as server:
            self.sign_up(server)  # who is sent a mail
            server.call("POST", "/auth/v1/recover", {"email": MAIL})
            jobs = self.json("jobs", "--kind", "notify.mail")
            self.assertTrue(jobs)
            job = jobs[0]["id"]
            self.assertNotIn(MAIL, self.admin("job", job))
            self.assertEqual(self.json("jobs", "--state", "failed"), [])
            self.refused("retry-job", job, why="only one that failed")
            self.rows("UPDATE jobs SET state = 'failed', ended_at = 1, error = 'no' WHERE id = ?", job)
            self.assertEqual([failed["id"] for failed in self.json("jobs", "--state", "failed")], [job])
            self.assertEqual(self.json("retry-job", job)["state"], "ready")
            self.assertEqual(self.json("cancel-job", job)["state"], "cancelled")
            self.refused("cancel-job", job, why="cancelled already")
            self.refused("job", "job_0", why="There is no job job_0")
            self.refused("jobs", "--state", "lost", why="never lost, but scheduled")
            self.assertEqual([entry["action"] for entry in self.json("audit", "operator")],
                             ["job_cancelled", "job_retried"])


    def test_that_are_cancelled_hold_nothing_of_a_quota(self):
        with self.serve(ODEON_ROLE="api", BRIEFINGS_QUOTES=str(SOURCE / "examples/quotes.csv")) as server:
            token, _ = self.sign_up(server)
            self.json("set-plan", MAIL, "briefings", "premium")
            mine = {"Authorization": "Bearer " + token}

            def made_today():
                status = server.call("GET", "/briefings/api/subscription/status", headers=mine)[1]
                return json.loads(status)["data"]["usage"]["briefings_today"]
            asked = json.loads(server.call("POST", "/briefings/api/briefings", {"tickers": ["AAPL"]}, mine)[1])["data"]
            self.assertEqual(asked["status"], "queued")
            self.assertEqual(made_today(), 1)
            [job] = self.json("jobs", "--kind", "briefings.make")
            self.json("cancel-job", job["id"])
            self.assertEqual(made_today(), 0)
            poll = server.call("GET", "/briefings/api/briefings/" + asked["briefing_id"], headers=mine)[1]
            self.assertEqual(json.loads(poll)["data"]["status"], "failed")


class Costs(Case):
    PRICE = 49 / 30

    def test_are_shown_with_what_is_earned(self):
        with self.serve() as server:
            _, ada = self.sign_up(server)
            self.assertEqual(self.json("costs", "--days", "2")[-1]["cost_usd"], 0)
            self.assertEqual(self.admin("costs", "--by", "model"), "none\n")
            now = int(time.time() * 1e6)
            for number, (user, model, cost, tier) in enumerate([
                    (ada, "gpt-4o", 1_500_000_000, "pro"), (ada, "gpt-4o", 500_000_000, "pro"),
                    ("", "tts-1", 250_000, "")]):
                self.rows("INSERT INTO billing_ledger (id, user_id, product, operation, model, provider, cost, tokens_in, "
                          "tokens_out, units, at, tier) VALUES (?, ?, 'chat', 'chat.reply', ?, 'openai', ?, 100, 10, 0, ?, ?)",
                          str(number), user, model, cost, now, tier)
            self.rows("INSERT INTO billing_contracts (provider, id, revision, user_id, customer, product, plan, cycle, "
                      "status, period_start, period_end, cancel_at_period_end, created_at, updated_at) "
                      "VALUES ('stripe', 'a', 1, ?, 'a', 'chat', 'pro', 'monthly', 'active', ?, ?, FALSE, ?, ?)",
                      ada, now, now + 30 * 86400 * 10**6, now, now)

            self.assertEqual(self.json("costs", "--by", "model"), [
                {"model": "gpt-4o", "cost_usd": 2.0, "requests": 2, "tokens": 220},
                {"model": "tts-1", "cost_usd": 0.00025, "requests": 1, "tokens": 110}])
            self.assertEqual([(tier["tier"], tier["average_usd"]) for tier in self.json("costs", "--by", "tier")],
                             [("pro", 1.0), ("", 0.00025)])
            self.assertEqual([(user["user"], user["email"], user["cost_usd"])
                              for user in self.json("costs", "--by", "user")], [(ada, MAIL, 2.0), ("", "", 0.00025)])
            days = self.json("costs", "--days", "3")
            self.assertEqual([day["cost_usd"] for day in days], [0, 0, 2.00025])
            self.assertEqual([day["warning"] for day in days], [None, None, "the cost is above 70 % of the revenue"])
            self.assertAlmostEqual(days[2]["revenue_usd"], self.PRICE, 6)
            self.assertAlmostEqual(days[2]["profit_usd"], self.PRICE - 2.00025, 6)
            table = self.admin("costs", "--by", "day", "--days", "1")
            self.assertRegex(table, r"date +revenue_usd +cost_usd +profit_usd +warning\n[\d-]+ +1\.633333 +2\.000250 +-0\.366916 ")
            self.assertIn("0.000250", self.admin("costs", "--by", "model", "--product", "chat"))
            self.assertEqual(self.json("costs", "--by", "model", "--product", "stories"), [])
            self.refused("costs", "--product", "poems", why="There is no product poems")


class Keys(Case):
    def on_disk(self):
        """All bytes of the database."""
        return b"".join(path.read_bytes() for path in sorted(self.data.glob("odeon.db*")))

    def use(self):
        return {line["key"]: line for line in self.json("keys")}

    def test_nothing_secret_lies_in_the_database(self):
        with self.serve() as server:
            self.sign_up(server)
            self.assertNotIn(b"PRIVATE KEY", self.on_disk())
        self.assertNotIn(b"PRIVATE KEY", self.on_disk())
        for name, value in self.rows("SELECT name, value FROM server_secrets"):
            self.assertTrue(value.startswith("odeon.v1."), name)
        self.assertEqual(stat.S_IMODE((self.data / "keyring").stat().st_mode), 0o600)
        key, secret = (self.data / "keyring").read_text().strip().split(":")
        self.assertNotIn(secret.encode(), self.on_disk())
        self.assertEqual(self.use()[key]["identity"], 1)
        self.assertEqual(self.use()[key]["use"], "seals")

    def test_what_lay_in_clear_is_sealed_at_the_next_start(self):
        with self.serve():
            pass
        pem = subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
                             capture_output=True, text=True, check=True).stdout
        self.rows("INSERT INTO identity_keys (number, private_pem, created_at) VALUES (7, ?, 1)", pem)
        self.rows("INSERT INTO server_secrets (name, value, created_at) VALUES ('in clear', ?, 1)", "ab" * 32)
        self.assertIn(b"PRIVATE KEY", self.on_disk())
        with self.serve() as server:
            token, _ = self.sign_up(server)
            self.assertEqual(self.who(server, token), 200)
            self.assertEqual(len(json.loads(server.call("GET", "/auth/v1/.well-known/jwks.json")[1])["keys"]), 1)
        self.assertNotIn(b"PRIVATE KEY", self.on_disk())
        self.assertNotIn(b"ab" * 32, self.on_disk())

    def test_are_rotated_while_a_server_runs(self):
        with self.serve() as server:
            before, _ = self.sign_up(server)
            [old] = self.use()
            first = self.json("rotate-keys")
            self.assertEqual(first["dropped"], [])
            self.assertEqual(first["signing_key"], 2)
            self.assertEqual([line["use"] for line in first["keys"]], ["seals", "opens"])
            self.assertEqual(self.use()[old]["identity"] + self.use()[old]["server"], 0)
            second = self.json("rotate-keys", "--drop-old")
            self.assertEqual(set(second["dropped"]), {old, first["keys"][0]["key"]})
            self.assertEqual(list(self.use()), [second["keys"][0]["key"]])
            # The server, which was not restarted, knows the keys: tokens from before stay good, and those that
            # another node signs by the new key are good here.
            self.assertEqual(self.who(server, before), 200)
            with self.serve() as other:
                after = json.loads(other.call("POST", "/auth/v1/token?grant_type=password",
                                              {"email": MAIL, "password": PASSWORD})[1])["access_token"]
                kid = [json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["kid"]
                       for token in (before, after)]
                self.assertNotEqual(*kid)
                for at in (server, other):
                    self.assertEqual([self.who(at, before), self.who(at, after)], [200, 200])
            self.assertEqual([entry["action"] for entry in self.json("audit", "operator")], ["keys_rotated"] * 2)

    def test_that_are_wrong_or_lost_stop_the_start(self):
        with self.serve():
            pass
        keyring = self.data / "keyring"
        right = keyring.read_text()
        key = right.split(":")[0]

        def stopped(why):
            run = self.odeon("serve", "--port", "0", "--data", self.data)
            self.assertEqual(run.returncode, 1)
            self.assertIn(why, run.stderr)
            self.assertIn("docs/operations.md", run.stderr)

        fresh = base64.b64encode(os.urandom(32)).decode()
        keyring.write_text(f"{key}:{fresh}\n")
        stopped(f"was not sealed by this key {key}")
        keyring.unlink()
        stopped(f"sealed by the key {key}, which is not among the keys")
        keyring.write_text(right)
        keyring.chmod(0o640)
        stopped("can be read by others")
        keyring.chmod(0o600)
        # From the file into the setting, and on from there.
        keyring.unlink()
        self.environment["ODEON_KEYS"] = f"new:{fresh},{right.strip()}"
        with self.serve() as server:
            token, _ = self.sign_up(server)
            self.refused("rotate-keys", "--drop-old", why="ODEON_KEYS")
            self.assertEqual(self.json("rotate-keys")["may_go"], [key])
            self.assertEqual(self.who(server, token), 200)
        self.environment["ODEON_KEYS"] = f"new:{fresh}"
        with self.serve() as server:
            self.assertEqual(self.who(server, token), 200)
        self.assertFalse(keyring.exists())
        self.environment["ODEON_KEYS"] = f"new:{fresh[4:]}"
        run = self.odeon("serve", "--port", "0", "--data", self.data)
        self.assertIn("key 1 (new) must be 32 bytes", run.stderr)
        self.assertNotIn(fresh[4:], run.stderr)

    def test_go_with_the_backup(self):
        with self.serve() as server:
            token, _ = self.sign_up(server)
            run = self.odeon("backup", "--data", self.data, self.folder / "backup")
            self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(stat.S_IMODE((self.folder / "backup/keyring").stat().st_mode), 0o600)
        self.json("rotate-keys", "--drop-old")
        newer = (self.data / "keyring").read_text()
        run = self.odeon("restore", "--data", self.data, self.folder / "backup", "--force")
        self.assertEqual(run.returncode, 0, run.stderr)
        [aside] = self.data.glob("replaced-*/keyring")
        self.assertEqual(aside.read_text(), newer)
        with self.serve() as server:
            self.assertEqual(self.who(server, token), 200)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
