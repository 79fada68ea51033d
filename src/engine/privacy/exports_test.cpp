#include "engine/privacy/exports.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <fstream>

#include "engine/privacy/fixture_test.hpp"
#include "engine/privacy/zip_stream.hpp"

namespace odeon::privacy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class Collected final : public http::BodyWriter {
 public:
  Task<void> write(std::string_view bytes) override {
    largest = std::max(largest, bytes.size());
    all += bytes;
    co_return;
  }
  std::string all;
  std::size_t largest = 0;
};

// What Python's zipfile, which nobody here wrote, reads: {name: contents as base64}, after checking every sum.
json::object unzipped(const testing::ScratchFolder& folder, const std::string& zip) {
  std::ofstream(folder / "x.zip", std::ios::binary) << zip;
  const auto line = fmt::format("/usr/bin/python3 {}/src/engine/privacy/unzip.py {} > {}", ODEON_SOURCE_DIR,
                                folder / "x.zip", folder / "x.json");
  if (std::system(line.c_str()) != 0) throw std::runtime_error("the ZIP cannot be read");
  std::ifstream file(folder / "x.json");
  return json::parse(std::string{std::istreambuf_iterator<char>(file), {}}).as_object();
}

std::string text_in(const json::object& files, const std::string& name) {
  return crypto::from_base64(files.at(name).as_string()).value();
}

struct PrivacyExportTest : PrivacyTest {
  Exports exports{*storage, audit, consents, {&diary}, pool, clock};

  json::object taken_along(const std::string& who) {
    Collected to;
    on_loop(write(exports.of(who, ""), &to));
    return unzipped(folder, to.all);
  }
  static Task<void> write(http::StreamBody body, Collected* to) { co_await body(*to); }
};

TEST_F(PrivacyExportTest, HoldsEverythingAndNothingOfOthers) {
  diary.pages = {{"ann", "Dear diary, ünïcödé."}, {"bob", "secret"}};
  const std::string recording = crypto::random_bytes(700'000);
  on_loop(storage::put(*storage, "diary/ann", recording, {}));
  on_loop(consents.decide(*database, "ann", "chat", "voice_logs", true, "2026-11"));
  on_loop(audit.record(*database, {.user_id = "ann", .product = "chat", .action = "signed_in"}));
  on_loop(audit.record(*database, {.user_id = "bob", .product = "chat", .action = "signed_in"}));

  const auto files = taken_along("ann");
  std::vector<std::string> names;
  for (const auto& file : files) names.emplace_back(file.key());
  EXPECT_THAT(names, UnorderedElementsAre("diary/ann.txt", "diary/recording.bin", "consents.json", "audit.json",
                                          "manifest.json"));
  EXPECT_EQ(text_in(files, "diary/ann.txt"), "Dear diary, ünïcödé.");
  EXPECT_TRUE(text_in(files, "diary/recording.bin") == recording);
  EXPECT_EQ(json::parse(text_in(files, "consents.json")).at(0).at("purpose"), "voice_logs");
  EXPECT_EQ(json::parse(text_in(files, "audit.json")).as_array().size(), 1U);
  EXPECT_THAT(text_in(files, "manifest.json"), HasSubstr("diary/recording.bin"));
}

TEST_F(PrivacyExportTest, ARoomThatFailsCutsIt) {
  class Broken final : public PersonalData {
    std::string_view room() const override { return "broken"; }
    Task<void> tell(std::string, std::string, PersonalArchive&) override {
      throw Error(Fault::unavailable, "AWAY", "away");
      co_return;
    }
    Task<Forgotten> forget(std::string, std::string) override { co_return Forgotten{}; }
  } broken;
  Exports cut{*storage, audit, consents, {&diary, &broken}, pool, clock};
  Collected to;
  EXPECT_THROW(on_loop(write(cut.of("ann", ""), &to)), Error);
  EXPECT_EQ(to.all.find("PK\x05\x06"), std::string::npos) << "there is no end that readers look for";
}

TEST_F(PrivacyExportTest, TheTrailTellsEachPersonsOwnNewestFirst) {
  for (const auto* action : {"signed_in", "plan_changed", "exported"})
    on_loop(audit.record(*database, {.user_id = "ann", .action = action}));
  EXPECT_THAT(actions("ann"), ElementsAre("exported", "plan_changed", "signed_in"));
  EXPECT_TRUE(actions("bob").empty());
  const auto first = on_loop(audit.of("ann", "", 1));
  EXPECT_EQ(on_loop(audit.of("ann", first.at(0).id, 1)).at(0).action, "plan_changed");
  for (const auto& subject : on_loop(database->query<std::string>("SELECT subject FROM privacy_audit")))
    EXPECT_EQ(subject.find("ann"), std::string::npos);
}

TEST_F(PrivacyExportTest, TheLastDecisionHolds) {
  for (const bool granted : {true, false}) {
    on_loop(consents.decide(*database, "ann", "chat", "voice_logs", granted, "2026-11"));
    EXPECT_EQ(on_loop(consents.granted("ann", "chat", "voice_logs")), granted);
  }
  EXPECT_FALSE(on_loop(consents.granted("ann", "chat", "newsletter")));
  EXPECT_FALSE(on_loop(consents.granted("ann", "podcasts", "voice_logs")));
  EXPECT_EQ(on_loop(consents.current("ann", "chat")).size(), 1U);
}

Task<void> zip_all(http::BodyWriter* to, ThreadPool* pool, const Clock* clock,
                   std::map<std::string, std::string> files) {
  ZipStream zip(*to, *pool, clock->now());
  for (auto& [path, text] : files) co_await zip.add(path, text);
  co_await zip.finish();
}

RC_GTEST_PROP(ZipStreamProperty, OthersReadWhatWasPutIn, ()) {
  static const testing::ScratchFolder folder;
  static ThreadPool pool(1);
  const SystemClock clock;
  const auto texts =
      *rc::gen::container<std::vector<std::string>>(*rc::gen::inRange(0, 8), rc::gen::arbitrary<std::string>());
  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < texts.size(); ++i) files[fmt::format("a/{}.txt", i)] = texts[i];
  Collected to;
  run_task(zip_all(&to, &pool, &clock, files));
  const auto read = unzipped(folder, to.all);
  RC_ASSERT(read.size() == files.size());
  for (const auto& [path, text] : files) RC_ASSERT(text_in(read, path) == text);
}

}  // namespace
}  // namespace odeon::privacy
