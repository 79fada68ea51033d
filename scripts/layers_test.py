#!/usr/bin/python3
"""Whether scripts/layers sees what is forbidden: layers_test.py

Each case is a file of a scratch tree, and what is said of it.
"""
import pathlib
import subprocess
import tempfile
import unittest

LAYERS = pathlib.Path(__file__).resolve().parent / "layers"

FORBIDDEN = [
    ("engine/http/a.cpp", "engine/jobs/queue.hpp", "engine/http may not include engine/jobs"),
    ("engine/http/a.hpp", "engine/database/database.hpp", "engine/http may not include engine/database"),
    ("base/a.ipp", "engine/http/server.hpp", "base may not include engine/http"),
    ("engine/media/a_test.cpp", "products/briefings/store.hpp", "engine/media may not include products/briefings"),
    ("products/chat/a.cpp", "products/briefings/store.hpp", "products/chat may not include products/briefings"),
    ("engine/jobs/a.cpp", "testing/clock.hpp", "testing is for tests alone"),
    ("engine/jobs/a.cpp", "queue.hpp", "include by the path below src/"),
    ("server/a.cpp", "engine/cellar/wine.hpp", "no such room: engine/cellar"),
]
ALLOWED = [
    ("server/a.cpp", "products/briefings/store.hpp"),
    ("products/briefings/a.cpp", "engine/media/program.hpp"),
    ("engine/jobs/a.ipp", "engine/database/database.hpp"),
    ("engine/jobs/a_test.cpp", "testing/clock.hpp"),
    ("engine/jobs/a.cpp", "engine/jobs/queue.hpp"),
    ("engine/jobs/a.txt", "server/house.hpp"),
]


def verdict(file, included):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / file
        path.parent.mkdir(parents=True)
        path.write_text(f'#include <string>\n#include "{included}"\n')
        return subprocess.run([LAYERS, folder], capture_output=True, text=True)


class Layers(unittest.TestCase):
    def test_what_goes_up_or_sideways_fails(self):
        for file, included, reason in FORBIDDEN:
            with self.subTest(file, included=included):
                run = verdict(file, included)
                self.assertEqual(run.returncode, 1)
                self.assertIn(f"{file}:2: {reason}", run.stdout)

    def test_what_goes_down_passes(self):
        for file, included in ALLOWED:
            with self.subTest(file, included=included):
                self.assertEqual(verdict(file, included).returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
