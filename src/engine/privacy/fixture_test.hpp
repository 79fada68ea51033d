// Rooms that keep something of people, for the tests of privacy.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>
#include <map>

#include "base/crypto.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/jobs/queue.hpp"
#include "engine/privacy/consents.hpp"
#include "engine/privacy/erasure.hpp"
#include "engine/privacy/exports.hpp"
#include "engine/storage/files.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"

namespace odeon::privacy {

// Keeps a diary of each person, and one recording of each in storage.
class Diary final : public PersonalData {
 public:
  explicit Diary(storage::Storage& storage) : storage_(storage) {}

  std::string_view room() const override { return "diary"; }
  Task<void> tell(std::string user_id, std::string, PersonalArchive& archive) override {
    co_await archive.document("diary/" + user_id + ".txt", pages[user_id]);
    co_await archive.object("diary/recording.bin", "diary/" + user_id);
    co_await archive.object("diary/lost.bin", "diary/lost");
  }
  Task<Forgotten> forget(std::string user_id, std::string product) override {
    extents.push_back(product);
    if (failures-- > 0) throw Error(Fault::unavailable, "AWAY", "The diary is away.");
    co_await storage_.remove("diary/" + user_id);
    co_return Forgotten{.rows = static_cast<std::int64_t>(pages.erase(user_id)), .objects = 1};
  }

  std::map<std::string, std::string> pages;
  std::vector<std::string> extents;  // that were asked to be forgotten
  int failures = 0;

 private:
  storage::Storage& storage_;
};

struct PrivacyTest : ::testing::Test {
  PrivacyTest() {
    auto all = jobs::migrations();
    std::ranges::move(privacy::migrations(), std::back_inserter(all));
    run_task(database::migrate(*database, all, clock));
    loops.start();
  }
  ~PrivacyTest() override { on_loop(database->close()); }

  template <class T>
  T on_loop(Task<T> task) {
    return asio::co_spawn(loops[0], std::move(task), asio::use_future).get();
  }
  std::vector<std::string> actions(const std::string& who) {
    std::vector<std::string> names;
    for (const auto& entry : on_loop(audit.of(who, "", 100))) names.push_back(entry.action);
    return names;
  }

  testing::ScratchFolder folder;
  SystemClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  ThreadPool pool{2};
  Loops loops{1};
  std::unique_ptr<database::Database> database = testing::open_database(folder);
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  storage::FileSigner signer{std::string(32, 's'), clock};
  std::unique_ptr<storage::Storage> storage = storage::open_files(folder / "objects", pool, signer, clock);
  jobs::Queue queue{*database, *coordination, clock};
  Audit audit{*database, std::string(32, 'a'), clock};
  Consents consents{*database, clock};
  Diary diary{*storage};
};

}  // namespace odeon::privacy
