"""Requests: the engine's whole path, files, and what it costs to know who comes."""
import contextlib
import os
import pathlib

from harness import BUILD, Served, free_port, load, pair
from servers import Odeon, Postgres

PEOPLE = 50  # of the release binary
SECONDS = 2  # of a round with tokens


def engine(scratch, log, *database):
    """bench/typed_get.cpp, whose tokens are in scratch/tokens."""
    return Served([BUILD / "bench/typed_get_bench", str(port := free_port()), str(scratch), log, *database], port)


def bare_beast():
    return Served([BUILD / "bench/http_hello_peer", str(port := free_port())], port)


def http(folder):
    (folder / "file.bin").write_bytes(os.urandom(1 << 20) * 8)

    def with_log(log):
        (scratch := folder / f"log-{log}").mkdir()
        (scratch / "file.bin").symlink_to(folder / "file.bin")
        return engine(scratch, log)

    ours, quiet, peer = with_log("on"), with_log("off"), bare_beast()
    (folder / "nginx.conf").write_text(f"""
worker_processes {os.cpu_count()}; daemon off; pid {folder}/nginx.pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; keepalive_requests 1000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{(port := free_port())} reuseport; location /file {{ alias {folder}/file.bin; }} }} }}
""")
    os.chmod(folder, 0o755)
    nginx = Served(["nginx", "-c", str(folder / "nginx.conf")], port)
    # Where the kernel paces (bbr), what leaves in one segment more than it need is slower by a timer's time.
    congestion = pathlib.Path("/proc/sys/net/ipv4/tcp_congestion_control").read_text().strip()
    print(f"TCP congestion control here: {congestion}", flush=True)
    try:
        pair("typed GET from SQLite, limited", lambda: load(ours, "/api/heroes/7"), lambda: load(peer, "/"),
             "bare Beast", "≥ 0.50")
        pair("the same without request log", lambda: load(quiet, "/api/heroes/7"), lambda: load(peer, "/"),
             "bare Beast", "≥ 0.50")
        span = ["Range: bytes=100000-165535"]
        pair("64 KB range of a file", lambda: load(quiet, "/file", headers=span), lambda: load(nginx, "/file", headers=span),
             "nginx", "≥ 0.90")
        pair("8 MB file", lambda: load(quiet, "/file", 8), lambda: load(nginx, "/file", 8), "nginx", "≥ 0.90", unit=2)
    finally:
        for server in (ours, quiet, peer, nginx):
            server.stop()


def auth(folder):
    """The price of knowing who comes. In the engine: one endpoint with 500 people's tokens and with nobody's, so
    that nothing else differs. In the release binary, where what is light and asks for a token is limited per
    person: the two endpoints without a limit, of which the one for people also reads their account."""
    os.chmod(folder, 0o755)
    with contextlib.ExitStack() as running:
        def started(server):
            running.callback(server.stop)
            return server

        postgres = started(Postgres(folder / "auth-postgres"))
        peer = started(bare_beast())
        for name, address in (("SQLite", []), ("PostgreSQL", [postgres.fresh_database()])):
            (scratch := folder / f"auth-{name}").mkdir()
            (scratch / "file.bin").touch()
            ours = started(engine(scratch, "on", *address))

            def known():
                return load(ours, "/api/heroes/7", seconds=SECONDS, tokens=scratch / "tokens")

            if name == "SQLite":
                pair("typed GET, SQLite, token, limited", known, lambda: load(peer, "/", seconds=SECONDS, tokens="none"),
                     "bare Beast", "≥ 0.50")
            pair(f"typed GET, {name}, token", known,
                 lambda: load(ours, "/api/heroes/7", seconds=SECONDS, tokens="none"), "without token", "")
            ours.stop()
        for name, settings in (("SQLite", {}), ("PostgreSQL", {"DATABASE_URL": postgres.fresh_database()})):
            odeon = started(Odeon(folder / f"auth-odeon-{name}", **settings))
            (tokens := folder / f"tokens-{name}").write_text("".join(odeon.sign_up(i) + "\n" for i in range(PEOPLE)))
            pair(f"odeon, {name}: /auth/v1/user", lambda: load(odeon, "/auth/v1/user", seconds=SECONDS, tokens=tokens),
                 lambda: load(odeon, "/auth/v1/settings", seconds=SECONDS, tokens="none"), "/auth/v1/settings", "")
            odeon.stop()
