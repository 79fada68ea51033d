#!/usr/bin/python3
"""Whether scripts/names sees what must not be: names_test.py"""
import pathlib
import subprocess
import tempfile
import unittest

NAMES = pathlib.Path(__file__).resolve().parent / "names"

CLASHES = [
    ("constexpr int kMost = 3;", "constexpr std::size_t kLeast = 1, kMost = 4;", "kMost"),
    ("struct Row {};", "class Row : public Base {};", "Row"),
    ("struct Kept final {};", "class Kept final : public Base {};", "Kept"),
    ("bool is_digit(char c) {", "bool is_digit(unsigned char c) {", "is_digit"),
    ("Task<void> tell(std::string to) {", "void tell(int to) {", "tell"),
]
FINE = [
    ("constexpr int kMost = 3;", "constexpr int kLeast = 4;"),
    ("using Clock = std::chrono::steady_clock;", "using Clock = std::chrono::steady_clock;"),
    ("bool is_digit(char c) {", "  return is_digit(c);"),
    ("constexpr int price = 3;", 'const char* kText = R"(\nprice = 4\n)";'),
]


def verdict(first, second, apart="", kind="", other="_test"):
    with tempfile.TemporaryDirectory() as folder:
        room = pathlib.Path(folder) / "jobs"
        room.mkdir()
        (room / "CMakeLists.txt").write_text(f"odeon_room(jobs {apart}FLOOR base)\n")
        for name, own in ((f"a{kind}.cpp", first), (f"b{kind}.cpp", second), (f"c{other}.cpp", first)):
            (room / name).write_text(f"namespace odeon {{\nnamespace {{\n\n{own}\n\n}}  // namespace\n}}\n")
        return subprocess.run([NAMES, folder], capture_output=True, text=True)


class Names(unittest.TestCase):
    def test_clashes(self):
        for first, second, name in CLASHES:
            with self.subTest(name):
                told = verdict(first, second)
                self.assertEqual((told.returncode, told.stdout), (1, f"jobs: {name} in a.cpp, b.cpp\n"))

    def test_clashes_among_tests(self):
        first, second, name = CLASHES[0]
        told = verdict(first, second, kind="_test", other="")
        self.assertEqual((told.returncode, told.stdout), (1, f"jobs: {name} in a_test.cpp, b_test.cpp\n"))

    def test_fine(self):
        for first, second in FINE:
            with self.subTest(first):
                self.assertEqual(verdict(first, second).returncode, 0)

    def test_apart(self):
        first, second, _ = CLASHES[0]
        self.assertEqual(verdict(first, second, "APART b.cpp ").returncode, 0)


if __name__ == "__main__":
    unittest.main()
