"""The AI gateway: what stands between a program and its model costs, beside nginx and a gateway that others use."""
import contextlib
import math
import os
import re
import resource
import statistics
import subprocess

from harness import BUILD, ROOT, ROUNDS, Served, cpu_seconds, family, free_port
from parts_jobs import PEERS
from servers import Odeon

CALLERS = 600  # each may ask 1 200 times a minute
SECONDS, CONNECTIONS = 4, 64
FIRSTS, LEAVERS, FAILURES, AT_ONCE = 500, 200, 200, 16
OPEN = (1_000, 10_000)
# Of a process: open streams take two sockets each in a gateway.
FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
SPARE = 200


class Contestant:
    """Something that answers chat completions at a port."""

    def __init__(self, name, pid, port, path, keys, headers=()):
        self.name, self.pid, self.port, self.path, self.keys, self.headers = name, pid, port, path, keys, headers

    def cpu(self):
        return cpu_seconds(family(self.pid))

    def resident(self):
        """KB of all its processes."""
        total = 0
        for pid in family(self.pid):
            with open(f"/proc/{pid}/status", encoding="utf-8") as status:
                total += int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))
        return total

    def load(self, connections):
        """Requests a second, microseconds of its CPU a request, microseconds p50 and p99."""
        before = self.cpu()
        out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", "-s", ROOT / "bench/questions.lua",
                              f"http://127.0.0.1:{self.port}{self.path}", self.keys, *(word for pair in self.headers for word in pair)],
                             capture_output=True, text=True, check=True).stdout
        used = self.cpu() - before
        if bad := re.search(r"Non-2xx or 3xx responses: (\d+)", out):
            raise SystemExit(f"{self.name}: {bad.group(1)} answers were not 2xx")
        shares = {share: float(number) * {"us": 1, "ms": 1e3, "s": 1e6}[unit]
                  for share, number, unit in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", out)}
        return (float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
                used / int(re.search(r"(\d+) requests in", out).group(1)) * 1e6, shares["50"], shares["99"])

    def command(self, mode, count, *more):
        headers = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        return [str(word) for word in (BUILD / "bench/streams_bench", mode, self.port, self.path, headers, self.keys, count, *more)]

    def streams(self, mode, count, *more):
        out = subprocess.run(self.command(mode, count, *more), capture_output=True, text=True)
        if out.returncode:
            raise SystemExit(f"{self.name}, {mode}: {out.stderr}")
        return [float(number) for number in out.stdout.split()]

    def kilobytes_a_stream(self, count):
        """Of those that are open at once; None if so many cannot be."""
        before = self.resident()
        with subprocess.Popen(self.command("open", count), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            if process.stdout.readline() != "open\n":
                return None
            grown = self.resident() - before
            process.stdin.close()
        return grown / count


def raise_limits():
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))


def start_upstream(running):
    served = Served([BUILD / "bench/upstream_bench", str(port := free_port())], port, preexec_fn=raise_limits)
    running.callback(served.stop)
    return served


def start_nginx(running, folder, upstream):
    (folder / "gateway.conf").write_text(f"""
worker_processes {os.cpu_count()}; worker_rlimit_nofile {FILES}; daemon off; pid {folder}/gateway.pid; error_log /dev/null;
events {{ worker_connections {FILES}; }}
http {{ access_log off; keepalive_requests 1000000;
  client_body_temp_path {folder}/gb; proxy_temp_path {folder}/gp; fastcgi_temp_path {folder}/gf;
  uwsgi_temp_path {folder}/gu; scgi_temp_path {folder}/gs;
  upstream provider {{ server 127.0.0.1:{upstream}; keepalive 256; keepalive_requests 1000000; }}
  server {{ listen 127.0.0.1:{(port := free_port())} reuseport;
    location / {{ proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
                  proxy_read_timeout 600s; }} }} }}
""")
    os.chmod(folder, 0o755)
    served = Served(["nginx", "-c", str(folder / "gateway.conf")], port)
    running.callback(served.stop)
    return served


def start_portkey(running):
    subprocess.run([ROOT / "scripts/npm-install", ROOT / "bench/peers", PEERS], check=True)
    served = Served(["node", PEERS / "node_modules/@portkey-ai/gateway/build/start-server.js", "--headless",
                     f"--port={(port := free_port())}"], port, preexec_fn=raise_limits, env={**os.environ, "NODE_ENV": "production"})
    running.callback(served.stop)
    return served


def start_odeon(running, folder, upstream):
    provider = f"http://127.0.0.1:{upstream}"
    odeon = Odeon(folder / "gateway-odeon", OPENAI_API_KEY="sk-bench", OPENAI_BASE_URL=f"{provider}/v1",
                  OPENROUTER_API_KEY="sk-or-bench", OPENROUTER_BASE_URL=provider)
    running.callback(odeon.stop)
    (keys := folder / "gateway-keys").write_text(
        subprocess.run([BUILD / "bench/callers_bench", odeon.data / "odeon.db", str(CALLERS)], capture_output=True, text=True,
                       check=True).stdout)
    return odeon, keys


def in_turn(contestants, measure):
    """The median of each figure, by contestant."""
    rounds = [[measure(one) for one in contestants] for _ in range(ROUNDS)]
    return [[statistics.median(figures) for figures in zip(*(round[i] for round in rounds))] for i in range(len(contestants))]


def marked(name, mark):
    return f"   mark {mark}" if name == "odeon" and mark else ""


def at_once(contestants):
    print("chat completions at once; what is added is beside the direct way, one after the other", flush=True)
    alone, full = in_turn(contestants, lambda one: one.load(1)), in_turn(contestants, lambda one: one.load(CONNECTIONS))
    for one, (_, _, p50, p99), (rate, cpu, _, _) in zip(contestants, alone, full):
        added = f"added p50 {p50 - alone[0][2]:6.0f} µs, p99 {p99 - alone[0][3]:6.0f} µs" if one is not contestants[0] \
            else f"      p50 {p50:6.0f} µs, p99 {p99:6.0f} µs"
        print(f"  {one.name:20} {rate:>10,.0f} /s    {cpu:7.1f} µs CPU   {added}" + marked(one.name, "≥ 30,000 /s, ≤ 30 µs CPU"),
              flush=True)


def streamed(contestants):
    print("chat completions that stream", flush=True)
    first = in_turn(contestants, lambda one: one.streams("first", FIRSTS))
    frames = in_turn(contestants, lambda one: one.streams("frames", AT_ONCE))
    for one, (p50, p99), (rate,) in zip(contestants, first, frames):
        added = f"first word added p50 {p50 - first[0][0]:6.0f} µs, p99 {p99 - first[0][1]:6.0f} µs" if one is not contestants[0] \
            else f"first word       p50 {p50:6.0f} µs, p99 {p99:6.0f} µs"
        print(f"  {one.name:20} {rate:>10,.0f} frames/s            {added}" + marked(one.name, "added p99 ≤ 150 µs"), flush=True)


def left(gateways, upstream):
    print("from a client that leaves to the provider that has seen it", flush=True)
    for one, (p50, p99) in zip(gateways, in_turn(gateways, lambda one: one.streams("leave", LEAVERS, upstream))):
        told = f"p50 {p50:.2f} ms, p99 {p99:.2f} ms" if p99 < math.inf else "not at all"
        print(f"  {one.name:20} {told}" + marked(one.name, "≤ 5 ms"), flush=True)


def failed_over(gateway, upstream):
    print("from the error of one provider to the same question at another", flush=True)
    p50, p99 = in_turn([gateway], lambda one: one.streams("failover", FAILURES, upstream))[0]
    print(f"  {gateway.name:20} p50 {p50:.2f} ms, p99 {p99:.2f} ms" + marked(gateway.name, "≤ 1 ms"), flush=True)


def held_open(gateways):
    print(f"memory of open streams; a process may have {FILES:,} files open here", flush=True)
    for wanted in OPEN:
        count = min(wanted, (FILES - SPARE) // 2)
        for one in gateways:
            each = one.kilobytes_a_stream(count)
            told = f"{each:6.1f} KB each" if each is not None else "cannot be opened"
            print(f"  {one.name:20} {count:>10,} streams   {told}" + marked(one.name, "≤ 12 KB at 10,000"), flush=True)


def gateway(folder):
    raise_limits()
    with contextlib.ExitStack() as running:
        upstream = start_upstream(running)
        odeon, keys = start_odeon(running, folder, upstream.port)
        nginx, portkey = start_nginx(running, folder, upstream.port), start_portkey(running)
        path = "/v1/chat/completions"
        direct = Contestant("direct", upstream.process.pid, upstream.port, path, keys)
        gateways = [Contestant("odeon", odeon.process.pid, odeon.port, "/chat" + path, keys),
                    Contestant("nginx", nginx.process.pid, nginx.port, path, keys),
                    Contestant("portkey", portkey.process.pid, portkey.port, path, keys,
                               (("x-portkey-provider", "openai"), ("x-portkey-custom-host", f"http://127.0.0.1:{upstream.port}/v1")))]
        print("odeon authenticates, limits, reserves a budget and writes the ledger (SQLite); the others pass on", flush=True)
        at_once([direct, *gateways])
        streamed([direct, *gateways])
        left(gateways, upstream.port)
        failed_over(gateways[0], upstream.port)
        held_open(gateways)
