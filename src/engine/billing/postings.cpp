#include "engine/billing/postings.hpp"

#include "base/ids.hpp"

namespace odeon::billing {
namespace {

using namespace std::chrono_literals;

constexpr std::ptrdiff_t kPostedAtOnce = 250;  // for half a millisecond others wait with what they write
constexpr auto kFirstPause = 100ms, kLongestPause = 5'000ms;
constexpr auto kPatience = 1s;
constexpr auto kLook = 1ms;

}  // namespace

Postings::Postings(Ledger& ledger, const Clock& clock, Log& log)
    : ledger_(ledger), clock_(clock), log_(log), tasks_([&log](const std::string&, std::exception_ptr failure) {
        log.error("billing.postings_stopped", {{"detail", describe(failure)}});
      }) {
  ledger_.read_after([this] { return written(); });
}

void Postings::start(asio::any_io_executor loop) {
  const std::lock_guard lock(mutex_);
  loop_ = loop;
  running_ = !waiting_.empty();
  if (running_) tasks_.spawn(std::move(loop), "billing.postings", run());
}

Task<void> Postings::stop() {
  co_await tasks_.stop();
  {
    const std::lock_guard lock(mutex_);
    loop_ = {};
    running_ = false;
    gathering_ = nullptr;
  }
  for (;;) {
    if (!co_await write()) co_return;
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) co_return;
  }
}

void Postings::post(Expense expense) {
  if (expense.id.empty()) expense.id = new_uuid(clock_);
  expense.at = clock_.now();
  std::unique_lock lock(mutex_);
  if (waiting_.size() >= most) {
    lock.unlock();
    return log_.error("billing.posting_lost", {{"model", expense.model}, {"cost", expense.cost}});
  }
  waiting_.push_back(std::move(expense));
  ++posted_;
  if (is_time()) hurry();
  if (running_ || !loop_) return;
  running_ = true;
  tasks_.spawn(loop_, "billing.postings", run());
}

Task<void> Postings::written() {
  std::int64_t until = 0;
  bool started = false;
  {
    const std::lock_guard lock(mutex_);
    until = wanted_ = posted_;
    hurry();
    started = static_cast<bool>(loop_);
  }
  if (!started) static_cast<void>(co_await write());
  for (const auto end = std::chrono::steady_clock::now() + kPatience; std::chrono::steady_clock::now() < end;) {
    {
      const std::lock_guard lock(mutex_);
      if (written_ >= until) co_return;
    }
    co_await sleep_on_loop(kLook);
  }
}

// While there is something to write.
Task<void> Postings::run() {
  auto pause = kFirstPause;
  co_await gather();
  for (;;) {
    const bool done = co_await write();
    {
      const std::lock_guard lock(mutex_);
      running_ = !waiting_.empty();
      if (!running_) co_return;
    }
    if (done)
      co_await gather();
    else
      co_await sleep_on_loop(pause);
    pause = done ? kFirstPause : std::min(pause * 2, kLongestPause);
  }
}

Task<void> Postings::gather() {
  const auto wakeup = std::make_shared<coordination::Wakeup>(co_await asio::this_coro::executor,
                                                             std::chrono::steady_clock::now() + gathered_for);
  {
    const std::lock_guard lock(mutex_);
    if (is_time()) co_return;
    gathering_ = wakeup;
  }
  co_await wakeup->wait();
  const std::lock_guard lock(mutex_);
  gathering_ = nullptr;
}

bool Postings::is_time() const {
  return std::ssize(waiting_) >= kPostedAtOnce || written_ < wanted_;
}

void Postings::hurry() {
  if (gathering_) coordination::Wakeup::wake(std::exchange(gathering_, nullptr));
}

// False: they wait on. Told twice they are in the ledger once.
Task<bool> Postings::write() {
  std::vector<Expense> some;
  {
    const std::lock_guard lock(mutex_);
    const auto end = waiting_.begin() + std::min(std::ssize(waiting_), kPostedAtOnce);
    some.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
  }
  if (some.empty()) co_return true;
  const auto done = co_await settle(ledger_.record_each(some));
  const std::lock_guard lock(mutex_);
  if (done) {
    written_ += std::ssize(some);
    co_return true;
  }
  waiting_.insert(waiting_.begin(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  if (!is_cancellation(done.error()))
    log_.warning("billing.postings_wait", {{"detail", describe(done.error())}, {"waiting", waiting_.size()}});
  co_return false;
}

}  // namespace odeon::billing
