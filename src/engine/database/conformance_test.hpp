// What every driver of this room promises. A driver passes when it instantiates the suite:
//
//   INSTANTIATE_TEST_SUITE_P(Sqlite, Conformance, ::testing::Values(Driver{"sqlite", make_scratch}), driver_name);
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "engine/database/database.hpp"

namespace odeon::database {

// A place for a database of the test's own, gone at the end.
class Scratch {
 public:
  virtual ~Scratch() = default;
  // The same database each time.
  virtual std::unique_ptr<Database> open() = 0;
};

struct Driver {
  std::string name;
  std::function<std::unique_ptr<Scratch>()> scratch;
  friend void PrintTo(const Driver& driver, std::ostream* out) { *out << driver.name; }
};

inline std::string driver_name(const ::testing::TestParamInfo<Driver>& info) {
  return info.param.name;
}

// Runs tasks side by side on one loop; throws the first failure.
void run_together(std::vector<Task<void>> tasks);

// Lets the other tasks of the loop go on for a moment.
Task<void> step_aside();

// Something that one task tells others of the same loop, once.
class Event {
 public:
  Task<void> wait();
  void set() { set_ = true; }
  bool is_set() const { return set_; }

 private:
  bool set_ = false;
};

class Conformance : public ::testing::TestWithParam<Driver> {
 protected:
  // Runs a test that takes the database.
  template <class Test>
  void run(Test test) {
    run_task(test(*db));
  }

  std::unique_ptr<Scratch> scratch = GetParam().scratch();
  std::unique_ptr<Database> db = scratch->open();
};

struct Item {
  std::int64_t id = 0;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Item, (), (id, name))

Task<void> make_items(Database& db);
Task<std::int64_t> count_items(Executor& executor);

}  // namespace odeon::database
