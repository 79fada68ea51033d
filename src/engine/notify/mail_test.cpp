#include "engine/notify/mail.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>

#include "base/error.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/notify/personal_data.hpp"
#include "engine/notify/push.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"
#include "testing/scratch.hpp"

namespace odeon::notify {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

// Takes what it is given, or says what a test wants it to.
class ScriptedPostman final : public Postman {
 public:
  Task<void> send(Letter letter) override {
    const std::lock_guard lock(mutex_);
    tried_.push_back(letter);
    if (!faults_.empty()) {
      const Error fault = faults_.front();
      faults_.pop_front();
      throw fault;
    }
    taken_.push_back(std::move(letter));
    co_return;
  }
  void fail(Fault fault) {
    const std::lock_guard lock(mutex_);
    faults_.emplace_back(fault, "MAIL", "The mail server said something.");
  }
  std::vector<Letter> taken() const {
    const std::lock_guard lock(mutex_);
    return taken_;
  }
  std::vector<Letter> tried() const {
    const std::lock_guard lock(mutex_);
    return tried_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Letter> tried_, taken_;
  std::deque<Error> faults_;
};

class MailTest : public ::testing::Test {
 protected:
  MailTest() {
    auto tables = jobs::migrations();
    std::ranges::move(notify::migrations(), std::back_inserter(tables));
    run_task(database::migrate(*database, tables, clock));
    mail.install(worker);
    loops.start();
  }
  ~MailTest() override {
    if (working) on_loop(worker.stop());
    on_loop(database->close());
  }

  template <class T>
  T on_loop(Task<T> task) {
    return asio::co_spawn(loops[0], std::move(task), asio::use_future).get();
  }
  void start_work() {
    on_loop(worker.start());
    working = true;
  }
  static MailOrder order(const std::string& key = "k-1") {
    return {.user_id = "ann",
            .to = {"Ann", "ann@example.org"},
            .content = {"Hello", "Hello Ann", "<p>Hello Ann</p>"},
            .from_name = "Stories",
            .key = key};
  }
  Task<void> place(MailOrder order, bool keep) {
    auto transaction = co_await database->begin();
    co_await mail.send(*transaction, std::move(order));
    if (keep) co_await transaction->commit();
  }
  void send(MailOrder order) { on_loop(place(std::move(order), true)); }
  std::vector<std::string> jobs_of(const std::string& kind = "notify.mail") {
    return on_loop(database->query<std::string>("SELECT id FROM jobs WHERE kind = $1 ORDER BY id", kind));
  }
  jobs::State ended(const std::string& id) {
    auto state = jobs::State::ready;
    auto look = [&state](this auto, const jobs::Progress& progress) -> Task<bool> {
      state = progress.state;
      co_return true;
    };
    on_loop(queue.watch(id, look));
    return state;
  }
  std::size_t stored() { return on_loop(database->query<std::string>("SELECT letter FROM notify_mails")).size(); }
  Task<void> enqueue_tidy() {
    auto transaction = co_await database->begin();
    co_await queue.enqueue(*transaction, TidyMails{});
    co_await transaction->commit();
  }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  SystemClock real_clock;
  Log log{Log::Level::off};
  Metrics metrics;
  Loops loops{1};
  std::unique_ptr<database::Database> database = testing::open_database(folder);
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, real_clock);
  jobs::Queue queue{*database, *coordination, real_clock};
  ScriptedPostman postman;
  Mail mail{*database, queue, postman, clock, log, metrics, {.from = {"Odeon", "odeon@odeon.example"}}};
  jobs::Worker worker{queue, real_clock, log, metrics, {.backoff = 1ms}};
  bool working = false;
};

TEST_F(MailTest, IsSentAndThenForgotten) {
  send(order());
  EXPECT_EQ(stored(), 1U);
  start_work();
  EXPECT_EQ(ended(jobs_of().at(0)), jobs::State::completed);
  const auto taken = postman.taken();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].id, jobs_of().at(0));
  EXPECT_EQ(taken[0].from.name, "Stories");
  EXPECT_EQ(taken[0].from.address, "odeon@odeon.example");
  EXPECT_EQ(taken[0].to.address, "ann@example.org");
  EXPECT_EQ(taken[0].date, clock.now());
  EXPECT_EQ(stored(), 0U);
  const auto payloads = on_loop(database->query<std::string>("SELECT payload FROM jobs WHERE kind = 'notify.mail'"));
  EXPECT_THAT(payloads, ElementsAre("{}")) << "no address stays in the jobs";
}

TEST_F(MailTest, IsThereOnlyIfWhatItTellsOfIs) {
  on_loop(place(order(), false));
  EXPECT_EQ(stored(), 0U);
  EXPECT_TRUE(jobs_of().empty());
}

TEST_F(MailTest, TwoOrdersOfOneKeyAreOneMail) {
  send(order("k-1"));
  send(order("k-1"));
  send(order("k-2"));
  start_work();
  for (const auto& id : jobs_of()) EXPECT_EQ(ended(id), jobs::State::completed);
  send(order("k-1"));
  for (const auto& id : jobs_of()) ended(id);
  EXPECT_EQ(postman.taken().size(), 2U);
  EXPECT_EQ(stored(), 0U);
}

TEST_F(MailTest, OutlastsAServerThatIsAwayWithTheSameLetter) {
  for (const Fault fault : {Fault::unavailable, Fault::timeout, Fault::rate_limited}) postman.fail(fault);
  send(order());
  clock.advance(24h);
  start_work();
  EXPECT_EQ(ended(jobs_of().at(0)), jobs::State::completed);
  std::set<std::string> versions;
  for (const auto& letter : postman.tried()) versions.insert(compose(letter));
  EXPECT_EQ(postman.tried().size(), 4U);
  EXPECT_EQ(versions.size(), 1U) << "each attempt is the same mail to the byte";
  EXPECT_EQ(postman.taken().size(), 1U);
}

TEST_F(MailTest, WhatIsRefusedStaysForAWhileAndCanBeSentAgain) {
  postman.fail(Fault::invalid);
  send(order());
  start_work();
  const auto id = jobs_of().at(0);
  EXPECT_EQ(ended(id), jobs::State::failed);
  EXPECT_EQ(postman.tried().size(), 1U);
  EXPECT_EQ(stored(), 1U);
  EXPECT_TRUE(on_loop(queue.retry(id)));
  EXPECT_EQ(ended(id), jobs::State::completed);
  EXPECT_EQ(postman.taken().size(), 1U);
}

TEST_F(MailTest, WhatNobodyMendsIsForgotten) {
  postman.fail(Fault::invalid);
  send(order());
  start_work();
  ended(jobs_of().at(0));
  clock.advance(6 * 24h);
  on_loop(enqueue_tidy());
  ended(jobs_of("notify.tidy_mails").at(0));
  EXPECT_EQ(stored(), 1U);
  clock.advance(2 * 24h);
  on_loop(enqueue_tidy());
  ended(jobs_of("notify.tidy_mails").at(1));
  EXPECT_EQ(stored(), 0U);
}

TEST_F(MailTest, OfAPersonWhoIsErasedNeverGoesOut) {
  send(order("k-1"));
  MailOrder other = order("k-2");
  other.user_id = "bob";
  other.to = {"Bob", "bob@example.org"};
  send(other);
  on_loop(NotifyData(*database).forget("ann", ""));
  start_work();
  for (const auto& id : jobs_of()) EXPECT_EQ(ended(id), jobs::State::completed);
  ASSERT_EQ(postman.tried().size(), 1U);
  EXPECT_EQ(postman.tried()[0].to.address, "bob@example.org");
}

TEST_F(MailTest, WhatCanBeNoMailIsRefusedAtOnce) {
  MailOrder bad = order();
  bad.content.subject = "Hello\r\nBcc: eve@example.org";
  EXPECT_THROW(send(bad), Error);
  bad = order();
  bad.to.address = "nobody";
  EXPECT_THROW(send(bad), Error);
  bad = order();
  bad.from_name = "Stories\nX: 1";
  EXPECT_THROW(send(bad), Error);
  EXPECT_TRUE(jobs_of().empty());
}

Task<void> hinder_deletion(database::Database& database) {
  auto transaction = co_await database.begin();
  co_await transaction->script(
      "CREATE TABLE hindrance (mail TEXT NOT NULL REFERENCES notify_mails (job_id));"
      "INSERT INTO hindrance SELECT job_id FROM notify_mails;");
  co_await transaction->commit();
}

// The mail is out, but that cannot be written down: it is not sent a second time.
TEST_F(MailTest, ALostCompletionSendsNothingTwice) {
  send(order());
  on_loop(hinder_deletion(*database));
  start_work();
  const auto id = jobs_of().at(0);
  EXPECT_EQ(ended(id), jobs::State::failed);
  EXPECT_EQ(postman.taken().size(), 1U);
  on_loop(database->execute("DELETE FROM hindrance"));
  on_loop(queue.retry(id));
  EXPECT_EQ(ended(id), jobs::State::completed);
  EXPECT_EQ(postman.tried().size(), 1U);
  EXPECT_EQ(stored(), 0U);
}

}  // namespace
}  // namespace odeon::notify
