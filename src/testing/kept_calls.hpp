// A meter that keeps the calls it is told of, for tests that look at them, or that need a meter.
#pragma once

#include <chrono>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/task.hpp"
#include "engine/ai/gateway.hpp"

namespace odeon::testing {

class KeptCalls final : public ai::Meter {
 public:
  Task<void> record(ai::Metered call) override {
    if (broken) throw Error(Fault::unavailable, "LEDGER_AWAY", "away");
    co_await sleep_on_loop(std::chrono::seconds(0));  // a real one goes to the database
    calls.push_back(std::move(call));
  }
  std::vector<ai::Metered> calls;
  bool broken = false;
};

}  // namespace odeon::testing
