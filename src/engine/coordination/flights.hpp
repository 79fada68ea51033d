// Work that several callers want at once and one of them does: behind cached_or.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/coordination/wakeup.hpp"

namespace odeon::coordination {

// Thread-safe. For each key one seat leads and does the work; the others wait for what it brings.
class Flights {
 public:
  class Seat;

 private:
  struct Flight {
    const Wakeup* leader = nullptr;
    std::list<std::shared_ptr<Wakeup>> waiting;
    bool landed = false;
    std::string value;
    std::exception_ptr failure;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
};

// One caller's place. A leader that leaves without a result, however that happens, hands the lead to
// whoever has waited longest.
class Flights::Seat {
 public:
  Seat(std::shared_ptr<Flights> flights, std::string key, asio::any_io_executor executor);
  ~Seat();
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

  // The value that the leader brought; rethrows its failure. Nothing: this seat leads now.
  Task<std::optional<std::string>> wait();
  void land(std::string value) { finish(std::move(value), nullptr); }
  void fail(std::exception_ptr failure) { finish({}, std::move(failure)); }

 private:
  bool leads();
  void finish(std::string value, std::exception_ptr failure);

  std::shared_ptr<Flights> flights_;
  std::string key_;
  std::shared_ptr<Wakeup> wakeup_;
  std::shared_ptr<Flight> flight_;
};

}  // namespace odeon::coordination
