// Expenses on their way into the ledger. What a call cost is known when its answer has been sent: nobody waits for it
// to be written, and what comes within a moment is written together: the sooner if it is much, or if somebody reads.
#pragma once

#include <deque>
#include <mutex>

#include "base/log.hpp"
#include "engine/billing/ledger.hpp"
#include "engine/coordination/wakeup.hpp"

namespace odeon::billing {

// Thread-safe; what it is given outlives it. While the database is away expenses gather, up to `most`; further ones
// are logged and lost, as are those of a process that is killed before they are written.
class Postings {
 public:
  static constexpr std::chrono::milliseconds gathered_for{50};
  static constexpr std::size_t most = 100'000;

  Postings(Ledger& ledger, const Clock& clock, Log& log);

  // Begins to write.
  void start(asio::any_io_executor loop);
  // Writes what is left, once.
  Task<void> stop();

  // At once. It counts as of now.
  void post(Expense expense);
  // Returns when what was posted here before can be read, or after a second without success.
  Task<void> written();

 private:
  Task<void> run();
  Task<void> gather();
  Task<bool> write();
  bool is_time() const;
  void hurry();

  Ledger& ledger_;
  const Clock& clock_;
  Log& log_;
  std::mutex mutex_;  // of what follows
  std::deque<Expense> waiting_;
  std::int64_t posted_ = 0, written_ = 0;
  std::int64_t wanted_ = 0;  // of those posted, by who reads
  std::shared_ptr<coordination::Wakeup> gathering_;
  bool running_ = false;
  asio::any_io_executor loop_;
  TaskGroup tasks_;
};

}  // namespace odeon::billing
