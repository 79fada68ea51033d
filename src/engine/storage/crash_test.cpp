// A process killed at any moment of its puts leaves whole objects, and all that it acknowledged.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <map>

#include "base/crypto.hpp"
#include "engine/storage/conformance.hpp"
#include "engine/storage/descriptor.hpp"
#include "engine/storage/files.hpp"
#include "testing/clock.hpp"
#include "testing/scratch.hpp"

namespace odeon::storage {
namespace {

constexpr int kRounds = 40;
constexpr int kKeys = 4;

struct Note {
  int put;
  bool done;
};

std::string key_of(int put) {
  return "folder/" + std::to_string(put % kKeys) + "/object";
}

// Each put has bytes and a size of its own, from one write to many.
std::string bytes_of(int put) {
  return std::to_string(put) + ' ' +
         some_bytes(static_cast<std::size_t>(put % 7) * 150'000, static_cast<std::uint64_t>(put));
}

[[noreturn]] void put_until_killed(const std::string& folder, int first, int notes) {
  testing::FakeClock clock;
  const FileSigner signer(std::string(32, 's'), clock);
  ThreadPool pool(1);
  auto storage = open_files(folder, pool, signer, clock);
  for (int number = first;; ++number) {
    Note note{number, false};
    if (::write(notes, &note, sizeof note) != sizeof note) ::_exit(1);
    run_task(put(*storage, key_of(number), bytes_of(number), {}));
    note.done = true;
    if (::write(notes, &note, sizeof note) != sizeof note) ::_exit(1);
  }
}

TEST(Crash, leaves_whole_objects_and_all_that_was_acknowledged) {
  const testing::ScratchFolder scratch;
  const std::string folder = scratch / "store";
  std::map<std::string, int> acknowledged;
  int last = -1;
  std::uint64_t chance = 20;
  for (int round = 0; round < kRounds; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) put_until_killed(folder, last + 1, ends[1]);
    ::close(ends[1]);
    const Descriptor notes(ends[0]);
    chance = chance * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto enough = static_cast<int>(chance >> 33) % 9 + 1;
    const auto hear = [&] {
      Note note{};
      if (::read(notes.get(), &note, sizeof note) != sizeof note) return false;
      last = note.put;
      if (note.done) acknowledged[key_of(note.put)] = note.put;
      return true;
    };
    for (int heard = 0; heard < enough; ++heard) ASSERT_TRUE(hear());
    // Some way into whatever it does now.
    for (volatile std::uint64_t turns = (chance >> 20) % 3'000'000; turns > 0; turns = turns - 1) continue;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (hear()) continue;

    testing::FakeClock clock;
    const FileSigner signer(std::string(32, 's'), clock);
    ThreadPool pool(1);
    auto storage = open_files(folder, pool, signer, clock);
    EXPECT_TRUE(std::filesystem::is_empty(folder + "/incoming"));
    for (int key = 0; key < kKeys; ++key) {
      auto object = run_task(storage->get(key_of(key)));
      const auto known = acknowledged.find(key_of(key));
      if (!object) {
        EXPECT_EQ(known, acknowledged.end()) << "an acknowledged object is lost";
        continue;
      }
      const std::string bytes = contents(*object);
      const int put = std::stoi(bytes);
      EXPECT_TRUE(bytes == bytes_of(put));
      EXPECT_EQ(object->etag(), '"' + crypto::sha256_hex(bytes) + '"');
      if (known != acknowledged.end()) EXPECT_GE(put, known->second);
    }
  }
  EXPECT_EQ(acknowledged.size(), static_cast<std::size_t>(kKeys));
}

}  // namespace
}  // namespace odeon::storage
