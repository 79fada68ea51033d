// Expenses on their way into the ledger. What a call cost is known when its answer has been sent: nobody waits for it
// to be written, and what comes within a moment is written together.
#pragma once

#include <mutex>
#include <vector>

#include "base/log.hpp"
#include "engine/billing/ledger.hpp"

namespace odeon::billing {

// Thread-safe; what it is given outlives it. While the database is away expenses gather, up to `most`; further ones
// are logged and lost, as are those of a process that is killed before they are written.
class Postings {
 public:
  static constexpr std::chrono::milliseconds gathered_for{10};
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
  Task<bool> write();

  Ledger& ledger_;
  const Clock& clock_;
  Log& log_;
  std::mutex mutex_;  // of what follows
  std::vector<Expense> waiting_;
  std::int64_t posted_ = 0, written_ = 0;
  bool running_ = false;
  asio::any_io_executor loop_;
  TaskGroup tasks_;
};

}  // namespace odeon::billing
