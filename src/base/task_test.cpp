#include "base/task.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace odeon {
namespace {

Task<int> refuse() {
  throw Error(Fault::upstream, "REFUSED", "no");
  co_return 0;
}

Task<int> answer(int value) {
  co_return value;
}

Task<void> wait_for_ever() {
  co_await sleep_on_loop(std::chrono::hours(1));
}

// With a limit of hours these tests end at once or never.
TEST(WithTimeout, GivesTheResult) {
  EXPECT_EQ(run_task(with_timeout(std::chrono::hours(1), answer(7))), 7);
}

TEST(WithTimeout, PassesAFailureOnAtOnce) {
  try {
    run_task(with_timeout(std::chrono::hours(1), refuse()));
    FAIL() << "the failure was lost";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "REFUSED");
  }
}

TEST(WithTimeout, EndsWhatTakesTooLong) {
  try {
    run_task(with_timeout(std::chrono::milliseconds(1), wait_for_ever()));
    FAIL() << "the limit was ignored";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::timeout);
  }
}

}  // namespace
}  // namespace odeon
