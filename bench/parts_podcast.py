"""A recording to an episode: ours beside FFmpeg's command, as one process and as three."""
import array
import multiprocessing
import os
import random
import re
import statistics
import subprocess
import time

from harness import BUILD, ROUNDS
from parts_upload import uploading

SECONDS, RATE = 600, 48000
SENTENCES = [
    "Welcome back to the show, where we talk about the things that nobody else seems to talk about.",
    "I was thinking about that on the way here, and I am not sure that I agree.",
    "Let us start with the question that most of you sent in last week.",
    "It took us three years to build, and two afternoons to find out that it did not work.",
    "Perhaps the simplest explanation is the best one.",
    "There is a sound in this room that I cannot place; do you hear it as well?",
    "She spoke softly, paused, and then said something that surprised everyone in the studio.",
    "Forty-six percent said yes, thirty-eight said no, and the rest had fallen asleep.",
    "We will come back to this in a moment, but first a word about tests.",
    "That is exactly the point, and I wish more people would see it that way.",
]
VOICES = [("espeak", "en-us", -2), ("flite", "slt", -8), ("espeak", "en-gb+f3", -14), ("flite", "rms", -11)]


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True, stdin=subprocess.DEVNULL)


def say(folder, kind, voice, decibels, text):
    """A sentence as samples of 16 bits, stereo."""
    words, spoken = folder / "words.wav", folder / "spoken.s16"
    if kind == "espeak":
        subprocess.run(["espeak-ng", "-v", voice, "-w", words, text], check=True)
        source = ["-i", words]
    else:
        source = ["-f", "lavfi", "-i", f"flite=text='{text.replace(',', '').replace(';', '')}':voice={voice}"]
    ffmpeg(*source, "-af", f"volume={decibels}dB", "-ar", RATE, "-ac", 2, "-f", "s16le", spoken)
    return spoken.read_bytes()


def make_input(folder):
    """Ten minutes of four voices at uneven levels, pauses of 0.25 to 5 s, 25 bursts near full scale, and pink noise at
    -57 dBFS beneath it all, as a browser's recorder would send it."""
    pick = random.Random(5)
    spoken = [say(folder, *VOICES[i % len(VOICES)], text) for i, text in enumerate(SENTENCES * 2)]
    burst = array.array("h")
    for i in range(RATE // 25):
        value = int(24000 * pick.uniform(-1, 1) * (1 - i / (RATE // 25)) ** 2)
        burst.extend((value, value))
    out, wanted, count = bytearray(), SECONDS * RATE * 4, 0
    while len(out) < wanted:
        out += spoken[pick.randrange(len(spoken))]
        out += bytes(4 * int(RATE * pick.choice((0.25, 0.4, 0.4, 0.6, 0.8, 1.2, 2, 3, 5))))
        if len(out) > (count + 0.5) * wanted / 25:
            out += burst.tobytes()
            count += 1
    (folder / "talk.s16").write_bytes(out[:wanted])
    pink = f"anoisesrc=c=pink:r={RATE}:d={SECONDS}:a=1"
    mean = subprocess.run(["ffmpeg", "-hide_banner", "-f", "lavfi", "-i", pink, "-af", "volumedetect", "-f", "null", "-"],
                          capture_output=True, text=True).stderr
    volume = -57 - float(re.search(r"mean_volume: ([-\d.]+)", mean).group(1))
    ffmpeg("-f", "s16le", "-ar", RATE, "-ac", 2, "-i", folder / "talk.s16",
           "-f", "lavfi", "-i", pink + ":s=1", "-f", "lavfi", "-i", pink + ":s=2",
           "-filter_complex", f"[1][2]join=inputs=2:channel_layout=stereo,volume={volume}dB[n];[0][n]amix=normalize=0",
           "-c:a", "libopus", "-b:a", "128k", folder / "talk.webm")
    (folder / "talk.s16").unlink()


def measured(*commands):
    """(wall, CPU seconds, peak MB, standard output of the last) of commands that run one after the other."""
    wall = cpu = peak = 0
    for command in commands:
        began = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall += time.perf_counter() - began
        if process.returncode:
            raise SystemExit(f"{command[0]} failed")
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss / 1024)
    return wall, cpu, peak, out


def heard(path):
    """(LUFS, dBTP) of the decoded file, by ffmpeg's meter."""
    text = subprocess.run(["ffmpeg", "-hide_banner", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"],
                          capture_output=True, text=True).stderr
    summary = text[text.rindex("Summary:"):]
    return float(re.search(r"I:\s+([-\d.]+)", summary).group(1)), float(re.search(r"Peak:\s+([-\d.]+)", summary).group(1))


def podcast(folder):
    # In a process of its own, since what this one holds at its peak is counted for every command that it starts.
    maker = multiprocessing.Process(target=make_input, args=(folder,))
    maker.start()
    maker.join()
    recording = folder / "talk.webm"
    steps = ["afftdn=nf=-25", "silenceremove=stop_periods=-1:stop_duration=1:stop_threshold=-50dB", "loudnorm=I=-16:TP=-1.5:LRA=11"]
    to_mp3 = ["-ar", RATE, "-c:a", "libmp3lame", "-b:a", "128k"]
    quiet = ["ffmpeg", "-v", "error", "-y"]
    made = [folder / f"{name}.mp3" for name in ("ours", "one", "first", "second", "three")]
    three = [[*quiet, "-i", source, "-af", step, *to_mp3, into]
             for source, step, into in zip((recording, made[2], made[3]), steps, made[2:])]
    ways = {
        "ours": ([[BUILD / "bench/podcast_bench", recording, made[0]]], made[0]),
        "one FFmpeg process": ([[*quiet, "-i", recording, "-af", ",".join(steps), *to_mp3, made[1]]], made[1]),
        "three FFmpeg processes": (three, made[4]),
    }
    print(f"{'podcast, ' + str(SECONDS) + ' s of stereo WebM to MP3':40} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'LUFS':>7} "
          f"{'dBTP':>6}   mark ≤ 5 s, ≤ 64 MB more, −16 ±0.2, ≤ −1", flush=True)
    for name, (commands, result) in ways.items():
        rounds = [measured(*commands) for _ in range(ROUNDS)]
        wall, cpu, peak = (statistics.median(column) for column in list(zip(*rounds))[:3])
        growth = re.search(r"growth ([\d.]+)", rounds[0][3])
        loudness, true_peak = heard(result)
        print(f"{name:40} {wall:>8.2f} {cpu:>8.2f} {peak:>8.0f} {loudness:>7.1f} {true_peak:>6.1f}"
              + (f"   ({float(growth.group(1)):.0f} MB more than at its start)" if growth else ""), flush=True)
    arriving(recording, made[0])
    uploading(folder, recording)
    four_hours(folder, recording)
    transcription()


def arriving(recording, made_at_once):
    """From the last byte of an upload to its MP3: heard while it came, and not."""
    made = made_at_once.with_name("arrived.mp3")
    command = [BUILD / "bench/podcast_bench", recording, made]
    def took(name, *more):
        return statistics.median(float(re.search(rf"^{name} ([\d.]+)", measured([*command, *more])[3], re.M).group(1))
                                 for _ in range(ROUNDS))
    at_once, heard_before = took("wall"), took("after_last_byte", "arriving")
    if made.read_bytes() != made_at_once.read_bytes():
        raise SystemExit("what was heard while it came gave another MP3")
    print(f"{'from its last byte to the MP3':40} {heard_before:>8.2f} heard while it came, {at_once:.2f} if not; "
          "the same bytes", flush=True)


def four_hours(folder, recording):
    """The same talk over and over, in one file."""
    long, made = folder / "long.webm", folder / "long.mp3"
    ffmpeg("-stream_loop", 4 * 3600 // SECONDS - 1, "-i", recording, "-c", "copy", long)
    wall, cpu, peak, out = measured([BUILD / "bench/podcast_bench", long, made])
    loudness, true_peak = heard(made)
    growth = float(re.search(r"growth ([\d.]+)", out).group(1))
    print(f"{'ours, four hours':40} {wall:>8.2f} {cpu:>8.2f} {peak:>8.0f} {loudness:>7.1f} {true_peak:>6.1f}"
          f"   ({growth:.0f} MB more than at its start)", flush=True)
    long.unlink()


def transcription():
    """Human speech through the offline model."""
    speech = "/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0870.wav"
    speeds = [subprocess.run([BUILD / "bench/transcribe_bench", speech, str(threads)], capture_output=True, text=True,
                             check=True).stdout.split()[1] for threads in (1, 2)]
    print(f"{'transcription offline, human speech':40} {speeds[0]} × real time on one thread, {speeds[1]} on two", flush=True)
