// A process that is killed at any moment loses nothing that it acknowledged and completes nothing twice.
//
// Children work on one database, one after the other, each until SIGKILL. What is acknowledged goes down a
// pipe to the parent, which outlives them all and holds the ledger. The last child is let finish.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "engine/jobs/fixture_test.hpp"

namespace odeon::jobs {
namespace {

using namespace std::chrono_literals;

// ODEON_TEST_KILLS asks for more than every run can take.
int kills() {
  const char* wanted = std::getenv("ODEON_TEST_KILLS");
  return wanted != nullptr ? std::stoi(wanted) : testing::on_postgresql() ? 40 : 200;
}
constexpr int kMostOpen = 100;  // jobs that are not done: more are not enqueued

// Its result is written with its completion.
struct Paint {
  static constexpr std::string_view kind = "crash.paint";
  std::string colour;
};
BOOST_DESCRIBE_STRUCT(Paint, (), (colour))

// Completed by the worker once the handler returns.
struct Rinse {
  static constexpr std::string_view kind = "crash.rinse";
  std::string brush;
};
BOOST_DESCRIBE_STRUCT(Rinse, (), (brush))

struct Completion {
  std::int64_t place = 0;
  std::string id;
  std::int64_t ended_at = 0;
};
BOOST_DESCRIBE_STRUCT(Completion, (), (place, id, ended_at))

// ---- the child -----------------------------------------------------------------------------------

class Studio {
 public:
  Studio(const std::string& address, int ledger) : db_(testing::open_database(address)), ledger_(ledger) {
    worker_.handle<Paint>([this](Paint paint, Job& job) { return this->paint(std::move(paint), job); });
    worker_.handle<Rinse>([](Rinse, Job&) { return asio::post(asio::use_awaitable); });
  }

  Task<void> prepare() {
    static_cast<void>(co_await database::migrate(*db_, migrations(), clock_));
    auto tx = co_await db_->begin();
    co_await tx->script(
        testing::on_postgresql()
            ? "CREATE TABLE IF NOT EXISTS paintings (job TEXT NOT NULL, painting TEXT NOT NULL);"
              "CREATE TABLE IF NOT EXISTS completions (place BIGSERIAL PRIMARY KEY, job TEXT NOT NULL);"
              "CREATE OR REPLACE FUNCTION note_completion() RETURNS trigger LANGUAGE plpgsql AS "
              "  'BEGIN INSERT INTO completions (job) VALUES (new.id); RETURN NULL; END';"
              "CREATE OR REPLACE TRIGGER note_completion AFTER UPDATE ON jobs FOR EACH ROW "
              "  WHEN (new.state = 'completed') EXECUTE FUNCTION note_completion();"
            : "CREATE TABLE IF NOT EXISTS paintings (job TEXT NOT NULL, painting TEXT NOT NULL);"
              "CREATE TABLE IF NOT EXISTS completions (place INTEGER PRIMARY KEY, job TEXT NOT NULL);"
              "CREATE TRIGGER IF NOT EXISTS note_completion AFTER UPDATE ON jobs "
              "  WHEN new.state = 'completed' BEGIN INSERT INTO completions (job) VALUES (new.id); END;");
    co_await tx->commit();
    told_ = (co_await db_->find<std::int64_t>("SELECT COALESCE(max(place), 0) FROM completions")).value();
  }

  // Never returns by itself: it is killed.
  Task<void> live() {
    co_await worker_.start();
    for (int i = 0;; ++i) {
      if (co_await open_jobs() < kMostOpen) co_await enqueue_some(i);
      co_await acknowledge_completions();
    }
  }

  Task<void> finish() {
    co_await worker_.start();
    while (co_await open_jobs() > 0) co_await acknowledge_completions();
    co_await acknowledge_completions();
    co_await worker_.stop();
    co_await db_->close();
  }

 private:
  void tell(char what, const std::string& id) {
    const std::string line = what + id + "\n";  // short enough to arrive whole or not at all
    if (::write(ledger_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(1);
  }

  Task<void> paint(Paint, Job& job) {
    co_await job.progress(50, "painting", "Painting");
    auto tx = co_await db_->begin();
    const auto painting = fmt::format("{} {}", job.id(), ::getpid());
    co_await tx->execute("INSERT INTO paintings (job, painting) VALUES ($1, $2)", job.id(), painting);
    co_await job.complete(*tx);
    co_await tx->commit();
    tell('P', painting);
  }

  Task<void> enqueue_some(int round) {
    auto tx = co_await db_->begin();
    const EnqueueOptions options{
        .lane = round % 3 == 0 ? "narrow" : "", .lane_limit = round % 3 == 0 ? 2 : 0, .max_attempts = 1'000'000};
    std::vector<Enqueued> jobs;
    if (round % 2 == 0) {
      const std::vector<Rinse> brushes(5);
      jobs = co_await queue_.enqueue_all(*tx, brushes, options);
    } else {
      jobs.push_back(co_await queue_.enqueue(*tx, Paint{"blue"}, options));
    }
    co_await tx->commit();
    for (const auto& job : jobs) tell('E', job.id);
  }

  Task<std::int64_t> open_jobs() {
    const auto count = co_await db_->find<std::int64_t>(
        "SELECT (SELECT count(*) FROM jobs WHERE state = 'ready') + "
        "(SELECT count(*) FROM jobs WHERE state = 'running') + "
        "(SELECT count(*) FROM jobs WHERE state IN ('scheduled', 'waiting'))");
    co_return count.value();
  }

  Task<void> acknowledge_completions() {
    const auto done = co_await db_->query<Completion>(
        "SELECT place, id, ended_at FROM completions JOIN jobs ON id = job WHERE place > $1 AND state = 'completed'",
        told_);
    for (const auto& completion : done) {
      tell('C', fmt::format("{} {}", completion.id, completion.ended_at));
      told_ = std::max(told_, completion.place);
    }
  }

  SystemClock clock_;
  Log log_{Log::Level::error};
  Metrics metrics_;
  std::unique_ptr<coordination::Coordination> coordination_ = coordination::open_memory({}, clock_);
  std::unique_ptr<database::Database> db_;
  Queue queue_{*db_, *coordination_, clock_};
  Worker worker_{queue_, clock_, log_, metrics_, {.slots = {8, 8}, .lease = 300ms, .poll = 20ms}};
  int ledger_;
  std::int64_t told_ = 0;
};

[[noreturn]] void be_child(const std::string& address, int ledger, bool last) {
  int code = 0;
  try {
    Studio studio(address, ledger);
    run_task(studio.prepare());
    run_task(last ? studio.finish() : studio.live());
  } catch (...) {
    std::fprintf(stderr, "the child failed: %s\n", describe(std::current_exception()).c_str());
    code = 1;
  }
  ::_exit(code);
}

// ---- the parent ----------------------------------------------------------------------------------

struct Ledger {
  std::set<std::string> enqueued, completed, painted;  // completed: "id when"; painted: "id by whom"

  // Reads what has come, up to `until`, or to the end of the pipe.
  void read(int pipe, std::chrono::steady_clock::time_point until) {
    for (;;) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      pollfd waiting{pipe, POLLIN, 0};
      if (left.count() < 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return;
      char bytes[4096];
      const auto count = ::read(pipe, bytes, sizeof bytes);
      if (count <= 0) return;
      pending.append(bytes, static_cast<std::size_t>(count));
      for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
        auto& page = pending[0] == 'E' ? enqueued : pending[0] == 'C' ? completed : painted;
        page.insert(pending.substr(1, end - 1));
        pending.erase(0, end + 1);
      }
    }
  }
  std::string pending;
};

// Lets a child work for `life`, or to its end, and returns how it ended.
int with_child(const std::string& address, Ledger& ledger, std::optional<std::chrono::milliseconds> life) {
  int pipe[2] = {};
  if (::pipe(pipe) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe[0]);
    be_child(address, pipe[1], !life);
  }
  ::close(pipe[1]);
  ledger.read(pipe[0], std::chrono::steady_clock::now() + life.value_or(120s));
  if (life) ::kill(child, SIGKILL);
  ledger.read(pipe[0], std::chrono::steady_clock::now() + 10s);  // what it wrote before it died
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(pipe[0]);
  return status;
}

TEST(Crash, NothingAcknowledgedIsLostAndNothingIsCompletedTwice) {
  testing::ScratchFolder folder;
  const std::string address = testing::fresh_database(folder);
  const auto seed = std::random_device()();
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> lives(10, testing::on_postgresql() ? 500 : 220);
  RecordProperty("seed", std::to_string(seed));
  std::printf("seed %u\n", seed);
  Ledger ledger;
  for (int i = 0, most = kills(); i < most; ++i) {
    const int status = with_child(address, ledger, std::chrono::milliseconds(lives(random)));
    ASSERT_TRUE(WIFSIGNALED(status)) << "a child ended before it was killed";
  }
  const int status = with_child(address, ledger, std::nullopt);
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);

  const auto db = testing::open_database(address);
  const auto ids = [&](database::Sql sql) { return run_task(db->query<std::string>(sql)); };
  const auto completed = ids("SELECT id FROM jobs WHERE state = 'completed' ORDER BY id");
  const auto all = ids("SELECT id FROM jobs ORDER BY id");
  EXPECT_EQ(completed, all);
  EXPECT_EQ(ids("SELECT job FROM completions ORDER BY job"), all);
  EXPECT_EQ(ids("SELECT job FROM paintings ORDER BY job"),
            ids("SELECT id FROM jobs WHERE kind = 'crash.paint' ORDER BY id"));
  const auto holds = [](const std::vector<std::string>& sorted, const std::set<std::string>& page) {
    return std::ranges::includes(sorted, page);
  };
  EXPECT_TRUE(holds(all, ledger.enqueued));
  // Not done again either: each is as it was when it was acknowledged.
  EXPECT_TRUE(holds(ids("SELECT id || ' ' || ended_at AS line FROM jobs ORDER BY line"), ledger.completed));
  EXPECT_TRUE(holds(ids("SELECT painting FROM paintings ORDER BY painting"), ledger.painted));
  std::printf("%zu jobs, %zu acknowledged, %zu completions acknowledged\n", all.size(), ledger.enqueued.size(),
              ledger.completed.size());
  EXPECT_GT(ledger.completed.size(), 100u);
  EXPECT_GT(ledger.painted.size(), 20u);
  run_task(db->close());
}

}  // namespace
}  // namespace odeon::jobs
