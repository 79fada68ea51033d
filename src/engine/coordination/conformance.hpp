// What every coordination driver has to pass. A driver's own test file instantiates the suite:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, Conformance, ::testing::Values(open_subject));
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "engine/coordination/coordination.hpp"

namespace odeon::coordination {

// A driver under test, and the time it goes by.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual Coordination& coordination() = 0;
  // Lets time go by for the driver. It starts at the beginning of a minute.
  virtual void pass(Micros duration) = 0;
};

class Conformance : public ::testing::TestWithParam<std::function<std::unique_ptr<Subject>()>> {
 protected:
  Verdict take(std::string key, Limit limit) { return run_task(coordination().take(std::move(key), limit)); }
  void give_back(std::string key, Limit limit) { run_task(coordination().give_back(std::move(key), limit)); }
  std::optional<std::string> cached(std::string key) { return run_task(coordination().cached(std::move(key))); }
  void cache(std::string key, std::string value, std::chrono::milliseconds lifetime) {
    run_task(coordination().cache(std::move(key), std::move(value), lifetime));
  }
  Coordination& coordination() { return subject_->coordination(); }
  void pass(Micros duration) { subject_->pass(duration); }

 private:
  std::unique_ptr<Subject> subject_ = GetParam()();
};

}  // namespace odeon::coordination
