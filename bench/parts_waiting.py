"""How long a listener waits for a briefing of their own while others wait too, and what the API is like meanwhile."""
import asyncio
import csv
import itertools
import json
import multiprocessing
import statistics
import time

from harness import ROOT, cpu_seconds
from servers import Odeon

WAITING = (1, 10, 100)
LENGTH = "short"  # 150 seconds of speech at the most
EVERY = 0.02  # seconds between two probes, whether or not the one before was answered
PEOPLE = 100  # as many as wait at the most, and enough that no probe is refused by a person's limit
PATIENCE = 600


async def ask(port, method, path, token=None, body=None, headers=""):
    """The status, and a reader of what comes after the head."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    text = json.dumps(body).encode() if body is not None else b""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{headers}"
    if token:
        head += f"Authorization: Bearer {token}\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n"
    writer.write(head.encode() + b"\r\n" + text)
    answer = await reader.readuntil(b"\r\n\r\n")
    return int(answer.split(b" ", 2)[1]), reader, writer


async def data_of(*request, **more):
    status, reader, writer = await ask(*request, **more)
    answer = json.loads(await reader.read())
    writer.close()
    if status != 200 or not answer["success"]:
        raise SystemExit(f"{request[1:3]}: {status} {answer}")
    return answer["data"]


async def job_ended(port, job):
    """Listens to the job's events, as an app does, until one tells the end."""
    status, reader, writer = await ask(port, "GET", f"/briefings/api/jobs/{job}/events")
    if status != 200:
        raise SystemExit(f"a job's events: {status}")
    async for line in reader:
        if line.startswith(b"data:") and (state := json.loads(line[5:])["state"]) in ("completed", "failed", "cancelled"):
            writer.close()
            if state != "completed":
                raise SystemExit(f"a briefing {state}: {line}")
            return
    raise SystemExit("a job's events broke off")


async def listen(port, token, tickers):
    """Seconds from the request to the first byte of the MP3."""
    began = time.perf_counter()
    asked = await data_of(port, "POST", "/briefings/api/briefings", token, {"tickers": tickers, "length": LENGTH})
    if asked["status"] != "queued":
        raise SystemExit(f"a briefing was not queued: {asked}")
    path = f"/briefings/api/briefings/{asked['briefing_id']}"
    await job_ended(port, (await data_of(port, "GET", path, token))["job_id"])
    audio = (await data_of(port, "GET", path + "/quick", token))["audio_url"]
    status, reader, writer = await ask(port, "GET", "/" + audio.split("/", 3)[3], token, headers="Range: bytes=0-\r\n")
    if status not in (200, 206) or not await reader.readexactly(1):
        raise SystemExit(f"the audio: {status}")
    took = time.perf_counter() - began
    writer.close()
    return took


class Probe:
    """A light request of a signed-in listener at a steady pace, from a process of its own, so that what is
    measured is not the busy generator."""

    def __init__(self, port, tokens):
        self.port, self.tokens, self.milliseconds = port, tokens, []
        self.here, self.there = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=lambda: asyncio.run(self.run()), daemon=True)
        self.process.start()
        self.there.close()  # so that its end is heard
        self.here.recv()  # it has begun

    async def once(self, token):
        began = time.perf_counter()
        await data_of(self.port, "GET", "/briefings/api/subscription/status", token)
        self.milliseconds.append((time.perf_counter() - began) * 1000)

    async def run(self):
        self.there.send("begun")
        async with asyncio.TaskGroup() as under_way:
            due = time.perf_counter()
            for token in itertools.cycle(self.tokens):
                if self.there.poll():
                    break
                under_way.create_task(self.once(token))
                due += EVERY
                await asyncio.sleep(max(0, due - time.perf_counter()))
        self.there.send(sorted(self.milliseconds))

    def stop(self):
        """Milliseconds that each took, in order."""
        try:
            self.here.send("enough")
            return self.here.recv()
        except (EOFError, OSError):
            raise SystemExit("the API failed meanwhile") from None
        finally:
            self.process.join()


async def all_listen(port, tokens, tickers, count):
    """Seconds that each waited, in order."""
    return sorted(await asyncio.wait_for(asyncio.gather(*(
        listen(port, tokens[i], [tickers[i % len(tickers)], tickers[(i * 7 + 1 + i // len(tickers)) % len(tickers)]])
        for i in range(count))), PATIENCE))


def edition_made(odeon):
    """The edition that the server begins with is out of the way."""
    end = time.monotonic() + PATIENCE
    while odeon.call("GET", "/briefings/api/briefings/general/latest")[0] != 200:
        if time.monotonic() > end:
            raise SystemExit("no edition was made")
        time.sleep(0.2)


def waiting(folder):
    feeds = ",".join(str(path) for path in sorted((ROOT / "examples/feeds").glob("*.xml")))
    with open(ROOT / "examples/quotes.csv", encoding="utf-8") as quotes:
        tickers = [row["ticker"] for row in csv.DictReader(quotes)]
    odeon = Odeon(folder / "waiting", BRIEFINGS_FEEDS=feeds, BRIEFINGS_QUOTES=str(ROOT / "examples/quotes.csv"))
    try:
        tokens = [odeon.sign_up(i) for i in range(PEOPLE)]
        for i in range(PEOPLE):
            odeon.set_plan(i, "premium")
        edition_made(odeon)
        print(f"{'request to playable audio, ' + LENGTH + ' briefings':46} first   median     last   CPU each      "
              "API meanwhile p50     p95     p99", flush=True)
        for count in WAITING:
            before = cpu_seconds([odeon.process.pid])
            probe = Probe(odeon.port, tokens)
            waits = asyncio.run(all_listen(odeon.port, tokens, tickers, count))
            probes = probe.stop()
            cpu = (cpu_seconds([odeon.process.pid]) - before) / count
            at = lambda share: probes[int(share * (len(probes) - 1))]
            print(f"  {f'{count} waiting, from as many premium listeners':42} {waits[0]:6.2f} s {statistics.median(waits):6.2f} s "
                  f"{waits[-1]:6.2f} s   {cpu:6.2f} s {at(0.5):18.1f} ms {at(0.95):4.0f} ms {at(0.99):4.0f} ms   "
                  f"mark p95 < 200 ms", flush=True)
    finally:
        odeon.stop()
