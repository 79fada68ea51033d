"""The finished program: one briefing, and what it takes to be there."""
import os
import pathlib
import re
import statistics
import subprocess
import time

from harness import BUILD, ROOT, ROUNDS


def briefing(folder):
    feeds = sorted(str(path) for path in (ROOT / "examples/feeds").glob("*.xml"))
    took, cpu = [], []
    for _ in range(ROUNDS):
        before = os.times()
        out = subprocess.run([BUILD / "odeon", "demo", "--out", str(folder / "demo"), *feeds], capture_output=True, text=True,
                             check=True).stdout
        after = os.times()
        took.append(float(re.search(r"took\s+([\d.]+) s", out).group(1)))
        cpu.append(after.children_user + after.children_system - before.children_user - before.children_system)
    length = re.search(r"\(([\d.]+) s\)", out).group(1)
    print(f"{'briefing of ' + length + ' s, start to MP3':34} {statistics.median(took):>10.2f} s     "
          f"{statistics.median(cpu):6.2f} s CPU   mark ≤ 2 s", flush=True)


def idle(folder):
    start, memory = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        process = subprocess.Popen([BUILD / "odeon", "serve", "--port", "0", "--data", str(folder / "idle")],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                   env={**os.environ, "BRIEFINGS_FEEDS": ""}, cwd=folder)
        process.stdout.readline()
        start.append((time.perf_counter() - began) * 1000)
        time.sleep(1)
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        memory.append(int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024)
        process.terminate()
        process.wait()
        process.stdout.close()
    print(f"{'idle memory':34} {statistics.median(memory):>10.1f} MB    mark ≤ 25 MB", flush=True)
    print(f"{'start to ready':34} {statistics.median(start):>10.0f} ms    mark ≤ 50 ms", flush=True)
