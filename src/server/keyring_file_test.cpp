#include "server/keyring_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "testing/clock.hpp"
#include "testing/scratch.hpp"

namespace odeon::server {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct KeyringFile : ::testing::Test {
  std::vector<SealingKey> make() { return make_or_read_keyring(path, clock); }
  void write(const std::string& text, fs::perms mode = fs::perms::owner_read | fs::perms::owner_write) {
    std::ofstream(path) << text;
    fs::permissions(path, mode);
  }
  std::string fault() {
    try {
      make();
    } catch (const Error& error) {
      return error.message;
    }
    return "";
  }
  testing::ScratchFolder folder;
  testing::FakeClock clock;
  std::string path = folder / "keyring";
};

TEST_F(KeyringFile, IsMadeOnceForItsOwnerAlone) {
  const auto keys = make();
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_THAT(keys[0].id, HasSubstr("2026-11-20-"));
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(make(), keys);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1) << "drafts are left";
}

TEST_F(KeyringFile, OfManyWhoComeFirstOneIsHeard) {
  std::vector<std::vector<SealingKey>> seen(8);
  {
    std::vector<std::jthread> processes;
    for (auto& keys : seen) processes.emplace_back([&] { keys = make(); });
  }
  for (const auto& keys : seen) EXPECT_EQ(keys, seen[0]);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST_F(KeyringFile, IsRefusedWhereItCannotBeBelieved) {
  const auto text = to_text(make_sealing_key(clock));
  write(text, fs::perms::owner_all | fs::perms::group_read);
  EXPECT_THAT(fault(), HasSubstr("chmod 600"));
  write("\n \n");
  EXPECT_THAT(fault(), HasSubstr("holds no key"));
  write(text + "\n" + text + "\n");
  EXPECT_THAT(fault(), HasSubstr("key 2"));
  write(text.substr(0, text.size() - 5));
  EXPECT_THAT(fault(), HasSubstr("32 bytes"));
  fs::remove(path);
  fs::create_directory(path);
  EXPECT_THAT(fault(), HasSubstr("is no file"));
}

TEST_F(KeyringFile, GetsAndLosesKeys) {
  const auto first = make().at(0);
  const auto second = make_sealing_key(clock), third = make_sealing_key(clock);
  add_to_keyring(path, second);
  add_to_keyring(path, third);
  EXPECT_THAT(read_keyring(path), ElementsAre(third, second, first));
  drop_from_keyring(path, {first.id, third.id, "unknown"});
  EXPECT_THAT(read_keyring(path), ElementsAre(second));
}

TEST_F(KeyringFile, ReachesRingsThatAreInUse) {
  const auto first = make();
  const KeyRing ring(first, news_of_keyring(path, first));
  const std::string old = ring.seal("x", "tests");
  const auto second = make_sealing_key(clock);
  add_to_keyring(path, second);
  EXPECT_EQ(sealing_key_of(ring.seal("y", "tests")), second.id);
  EXPECT_EQ(ring.open(old, "tests"), "x");
  // What is no keyring changes nothing.
  write("rubbish");
  EXPECT_EQ(sealing_key_of(ring.seal("y", "tests")), second.id);
  fs::remove(path);
  EXPECT_EQ(ring.open(old, "tests"), "x");
}

}  // namespace
}  // namespace odeon::server
