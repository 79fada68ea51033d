#!/usr/bin/python3
"""`odeon demo` as a newcomer runs it: demo_test.py ODEON SOURCE_DIR

What its summary says is held against ffprobe, ffmpeg and the file system.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from program import FEEDS, ODEON, measured


def said(pattern, summary):
    return float(re.search(pattern, summary, re.M).group(1))


class Demo(unittest.TestCase):
    def test_leaves_what_its_summary_says(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "out"
            summary = subprocess.run([ODEON, "demo", "--out", out, *FEEDS.split(",")], capture_output=True, check=True,
                                     text=True, cwd=folder).stdout
            self.assertEqual({file.name for file in out.iterdir() if file.is_file()},
                             {"briefing.mp3", "transcript.txt", "captions.vtt", "latest.json", "briefing.json"})
            self.assertTrue(all(file.stat().st_size > 0 for file in out.iterdir() if file.is_file()))

            mp3 = out / "briefing.mp3"
            probe, loudness, peak = measured(mp3)
            self.assertEqual(said(r"^  size +(\d+) bytes$", summary), mp3.stat().st_size)
            duration = said(r"^  duration .*\((\S+) s\)$", summary)
            self.assertAlmostEqual(duration, float(probe["format"]["duration"]), delta=0.06)
            self.assertAlmostEqual(said(r"^  loudness +(\S+) LUFS", summary), loudness, delta=0.15)
            self.assertAlmostEqual(said(r"true peak (\S+) dBTP", summary), peak, delta=0.3)

            latest = json.loads((out / "latest.json").read_text())
            briefing = json.loads((out / "briefing.json").read_text())["data"]
            self.assertTrue(latest["success"])
            self.assertEqual((latest["data"]["id"], latest["data"]["title"]), (briefing["id"], briefing["title"]))
            self.assertEqual(probe["format"]["tags"]["title"], briefing["title"])
            self.assertAlmostEqual(briefing["duration"], duration, delta=0.006)
            self.assertEqual((out / "transcript.txt").read_text(), briefing["transcript"] + "\n")
            self.assertTrue((out / "captions.vtt").read_text().startswith("WEBVTT\n"))
            for source in briefing["sources"]:
                self.assertIn(source["name"], summary)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
