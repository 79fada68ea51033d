#include "base/ids.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <thread>

#include "testing/clock.hpp"

namespace odeon {
namespace {

using namespace std::chrono_literals;

TEST(Ids, are_version_7_uuids_that_tell_the_time) {
  testing::FakeClock clock;
  const std::string id = new_uuid(clock);
  EXPECT_THAT(id, ::testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_TRUE(is_uuid(id));
  const auto millis = std::stoll(id.substr(0, 8) + id.substr(9, 4), nullptr, 16);
  EXPECT_EQ(millis, 1795159800000) << "2026-11-20T07:30:00Z";
}

TEST(Ids, have_a_prefix_if_wanted) {
  testing::FakeClock clock;
  EXPECT_THAT(new_id("hero", clock), ::testing::MatchesRegex("hero_[0-9a-f]{12}7[0-9a-f]{19}"));
}

RC_GTEST_PROP(Ids, sort_by_the_order_they_were_made_in, ()) {
  testing::FakeClock clock;
  // Past what earlier cases used up: the order is kept per process.
  clock.advance(std::chrono::hours(*rc::gen::inRange(1, 1'000'000)));
  std::string before;
  for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3000))) {
    clock.advance(Micros(step));
    std::string id = new_uuid(clock);
    RC_ASSERT(before < id);
    before = std::move(id);
  }
}

TEST(Ids, are_divided_by_when_they_were_made) {
  testing::FakeClock clock;
  clock.advance(std::chrono::hours(2'000'000));  // past what other tests used up
  const std::string before = new_uuid(clock);
  clock.advance(2s);
  const std::string bound = first_uuid_of(clock.now());
  EXPECT_TRUE(is_uuid(bound));
  EXPECT_LT(before, bound);
  EXPECT_LT(bound, new_uuid(clock));
  EXPECT_EQ(first_uuid_of(Instant() - 1s), "00000000-0000-0000-0000-000000000000");
}

TEST(Ids, sort_within_one_millisecond_beyond_what_its_counter_holds) {
  testing::FakeClock clock;
  std::string before;
  for (int i = 0; i < 10'000; ++i) {
    std::string id = new_uuid(clock);
    ASSERT_LT(before, id);
    before = std::move(id);
  }
}

TEST(Ids, made_on_many_threads_differ) {
  testing::FakeClock clock;
  std::vector<std::vector<std::string>> made(4);
  std::vector<std::thread> threads;
  for (auto& ids : made)
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) ids.push_back(new_uuid(clock));
    });
  for (auto& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& ids : made) {
    EXPECT_TRUE(std::ranges::is_sorted(ids));
    all.insert(ids.begin(), ids.end());
  }
  EXPECT_EQ(all.size(), 8000U);
}

TEST(Ids, are_told_from_other_texts) {
  EXPECT_TRUE(is_uuid("0193A5F0-0000-7000-8000-000000000000"));
  for (const char* bad : {"", "0193a5f0000070008000000000000000", "0193a5f0-0000-7000-8000-00000000000",
                          "0193a5f0-0000-7000-8000-00000000000g", "0193a5f0-0000-7000-80000-00000000000"})
    EXPECT_FALSE(is_uuid(bad)) << bad;
}

}  // namespace
}  // namespace odeon
