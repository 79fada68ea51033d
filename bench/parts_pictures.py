"""Pictures: drawn, written and looked at, beside what web stacks use."""
import math
import statistics
import subprocess

from harness import BUILD, ROOT, ROUNDS

PEERS = ROOT / "build/npm/peers"
FONT = "/usr/share/fonts/opentype/inter/Inter-Black.otf"
MARKS = {"draw+jpeg": "≤ 16", "palette": "≤ 2"}


def oklab(colour):
    def light(value):
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    r, g, b = (light(int(colour[i:i + 2], 16) / 255) for i in (1, 3, 5))
    l, m, s = (math.cbrt(a * r + b_ * g + c * b) for a, b_, c in (
        (0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005)))
    return (0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s, 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s)


def lines(path):
    return [line.split() for line in path.read_text().splitlines()]


def judged(folder, name):
    """(share of the true colours that were found, colours a board that are not there)."""
    wanted = found = spurious = 0
    boards = lines(folder / "boards.txt")
    for true, told in zip(boards, lines(folder / f"{name}.txt"), strict=True):
        true, told = [oklab(colour) for colour in true], [oklab(colour) for colour in told]
        wanted += len(true)
        found += sum(any(math.dist(a, b) < 0.04 for b in told) for a in true)
        spurious += sum(all(math.dist(a, b) >= 0.04 for a in true) for b in told)
    return found / wanted, spurious / len(boards)


def measured(command):
    out = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout
    return {name: float(value) for name, value in (line.split() for line in out.splitlines())}


def pictures(folder):
    subprocess.run([ROOT / "scripts/npm-install", ROOT / "bench/peers", PEERS], check=True)
    ways = {"ours": [BUILD / "bench/pictures_bench", folder], "theirs": ["node", PEERS / "pictures.mjs", folder, FONT]}
    rounds = [{side: measured(command) for side, command in ways.items()} for _ in range(ROUNDS)]

    def median(side, name):
        return statistics.median(round[side][name] for round in rounds)

    print("1280 × 720, CPU ms each; photo of 12 MP to 1280 × 720; palettes of boards of 5–7 known colours", flush=True)
    for name, peer in (("draw+jpeg", "satori + sharp"), ("draw+png", "satori + sharp"), ("resize", "sharp")):
        ours, theirs = median("ours", name), median("theirs", name)
        print(f"{name:34} {ours:>8.2f} ms CPU   {peer}: {theirs:.2f}   ratio {theirs / ours:.2f}"
              + (f"   mark {MARKS[name]}" if name in MARKS else ""), flush=True)
    for name in ("draw", "png", "webp"):
        print(f"{name:34} {median('ours', name):>8.2f} ms CPU", flush=True)
    for name, side in (("palette", "ours"), ("node-vibrant", "theirs"), ("colorthief", "theirs")):
        recall, spurious = judged(folder, name)
        print(f"{name:34} {median(side, name):>8.2f} ms CPU   {recall:.3f} of the colours found, {spurious:.2f} a board that are "
              "not there" + (f"   mark {MARKS[name]}, 1.000" if name in MARKS else ""), flush=True)
