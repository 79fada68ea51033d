#include "engine/jobs/backoff.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace odeon::jobs {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToAnHour) {
  EXPECT_EQ(backoff(1s, 1, 0.5), 1s);
  EXPECT_EQ(backoff(1s, 2, 0.5), 2s);
  EXPECT_EQ(backoff(1s, 5, 0.5), 16s);
  EXPECT_EQ(backoff(1s, 13, 0.5), 1h);
  EXPECT_EQ(backoff(1s, 1'000'000, 0.5), 1h);
  EXPECT_EQ(backoff(1s, 1'000'000, 0.999), 1h);
}

RC_GTEST_PROP(BackoffProperty, StaysWithinTwentyPercent, ()) {
  const Micros first(*rc::gen::inRange<std::int64_t>(1'000, 60'000'000));
  const auto attempt = *rc::gen::inRange<std::int64_t>(1, 40);
  const double unit = *rc::gen::inRange(0, 1'000'000) / 1e6;
  const double plain = std::min(3.6e9, static_cast<double>(first.count()) * std::pow(2.0, attempt - 1));
  const auto pause = static_cast<double>(backoff(first, attempt, unit).count());
  RC_ASSERT(pause >= 0.8 * plain - 1);
  RC_ASSERT(pause <= std::min(3.6e9, 1.2 * plain) + 1);
  // More luck, longer pause: the whole span is used.
  RC_ASSERT(backoff(first, attempt, 0.0) < backoff(first, attempt, 0.5));
}

}  // namespace
}  // namespace odeon::jobs
