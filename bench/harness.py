"""How things are measured: processes, their CPU, load, and pairs that run in turn."""
import os
import pathlib
import re
import socket
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/release"
ROUNDS, SECONDS = 3, 4
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_seconds(pids):
    """Theirs, and that of their children which ended."""
    total = 0
    for pid in pids:
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # ended meanwhile: its parent has it
        total += sum(int(field) for field in fields[11:15])
    return total / TICKS


def family(pid):
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid] + [p for child in children for p in family(int(child))]


class Served:
    """A server process that is up once its port answers."""

    def __init__(self, command, port, **kwargs):
        self.port = port
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kwargs)
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"{command[0]} did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def load(server, path, connections=64, headers=(), seconds=SECONDS, tokens=None, strangers=False):
    """(requests a second, CPU microseconds a request, MB a second) of one round of wrk; `tokens` is a file of
    access tokens that take turns, or "none" for the same generator without any; `strangers` come from many addresses."""
    options = [option for header in headers for option in ("-H", header)]
    scripts = [name for name, wanted in (("callers", tokens), ("strangers", strangers)) if wanted]
    script = [word for name in scripts for word in ("-s", str(ROOT / f"bench/{name}.lua"))]
    pids = family(server.process.pid)
    before = cpu_seconds(pids)
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *options, *script,
                          f"http://127.0.0.1:{server.port}{path}", *([str(tokens)] if tokens else [])],
                         capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(pids) - before
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    if bad:
        raise SystemExit(f"{bad.group(1)} answers were not 2xx")
    transfer = re.search(r"Transfer/sec:\s+([\d.]+)(\w+)", out)
    scale = {"B": 1 / 1048576, "KB": 1 / 1024, "MB": 1, "GB": 1024}[transfer.group(2)]
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    return rate, used / requests * 1e6, float(transfer.group(1)) * scale


def pair(name, ours, theirs, peer, mark, unit=0):
    a, b = [], []
    for _ in range(ROUNDS):
        a.append(ours())
        b.append(theirs())
    rate = [statistics.median(x[unit] for x in side) for side in (a, b)]
    cpu = [statistics.median(x[1] for x in side) for side in (a, b)]
    label = "MB/s" if unit == 2 else "/s"
    print(f"{name:34} {rate[0]:>10,.0f} {label:5} {cpu[0]:6.1f} µs CPU   {peer}: {rate[1]:,.0f} {label}, {cpu[1]:.1f} µs"
          f"   ratio {rate[0] / rate[1]:.2f}" + (f"   mark {mark}" if mark else ""), flush=True)


def own(name):
    """A part that is a program of ours, which prints its lines and fails if something is wrong."""
    def run(_):
        subprocess.run([BUILD / f"bench/{name}_bench"], check=True)
    return run
