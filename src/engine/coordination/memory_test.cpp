#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>

#include "engine/coordination/cache.hpp"
#include "engine/coordination/conformance.hpp"
#include "engine/coordination/limits.hpp"
#include "testing/clock.hpp"

namespace odeon::coordination {
namespace {

using namespace std::chrono_literals;

class MemorySubject final : public Subject {
 public:
  Coordination& coordination() override { return *memory_; }
  void pass(Micros duration) override { clock_.advance(duration); }

 private:
  testing::FakeClock clock_;
  std::unique_ptr<Coordination> memory_ = open_memory({}, clock_);
};

INSTANTIATE_TEST_SUITE_P(Memory, Conformance, ::testing::Values([] { return std::make_unique<MemorySubject>(); }));

// The rule of the header in its plainest form: what was accepted and when, weighed anew at every call.
class ReferenceWindow {
 public:
  explicit ReferenceWindow(Limit limit) : limit_(limit) {}

  bool take(Instant now) {
    const std::int64_t length = Micros(limit_.window).count();
    const std::int64_t at = now.time_since_epoch().count();
    const std::int64_t index = at / length;
    std::int64_t previous = 0, current = 0;
    for (const std::int64_t call : accepted_) {
      previous += call / length == index - 1;
      current += call / length == index;
    }
    const std::int64_t left = length - at % length;
    if (previous * left + (current + 1) * length > limit_.limit * length) return false;
    accepted_.push_back(at);
    return true;
  }

  const std::vector<std::int64_t>& accepted() const { return accepted_; }

 private:
  Limit limit_;
  std::vector<std::int64_t> accepted_;
};

RC_GTEST_PROP(SlidingWindow, agrees_with_the_reference, ()) {
  const Limit limit{*rc::gen::inRange<std::int64_t>(1, 12), std::chrono::seconds(*rc::gen::inRange(1, 20))};
  ReferenceWindow reference(limit);
  Window window;
  Instant now(1'795'159'800s + Micros(*rc::gen::inRange(0, 60'000'000)));
  for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4'000'000))) {
    now += Micros(step);
    const Verdict verdict = count(window, limit, now);
    RC_ASSERT(verdict.allowed == reference.take(now));
    RC_ASSERT(verdict.remaining >= 0 && verdict.remaining < limit.limit);
    RC_ASSERT(verdict.allowed == (verdict.retry_after == 0s));
    RC_ASSERT(verdict.reset <= 2 * limit.window);
    if (!verdict.allowed) {
      Window later = window;
      RC_ASSERT(count(later, limit, now + verdict.retry_after).allowed);
      Window sooner = window;
      if (verdict.retry_after > 1s) RC_ASSERT(!count(sooner, limit, now + verdict.retry_after - 1s).allowed);
    }
    Window rested = window;
    if (verdict.reset > 0s) RC_ASSERT(count(rested, limit, now + verdict.reset).remaining == limit.limit - 1);
  }
  std::map<std::int64_t, std::int64_t> per_window;
  for (const std::int64_t call : reference.accepted()) ++per_window[call / Micros(limit.window).count()];
  for (const auto& [index, calls] : per_window) RC_ASSERT(calls <= limit.limit);
}

RC_GTEST_PROP(SlidingWindow, holds_at_any_limit_and_for_a_clock_that_goes_back, ()) {
  Window window;
  Instant now(1'795'159'800s);
  for (const auto& [limit, seconds, step] : *rc::gen::arbitrary<std::vector<std::tuple<std::int64_t, int, int>>>()) {
    now += Micros(std::int64_t{step} * 100);
    if (now.time_since_epoch() < 0s) now = Instant(0s);
    const Verdict verdict = count(window, Limit{limit, std::chrono::seconds(seconds)}, now);
    RC_ASSERT(verdict.remaining >= 0);
    RC_ASSERT(verdict.retry_after >= 0s);
    RC_ASSERT(!verdict.allowed || limit > 0);
  }
}

RC_GTEST_PROP(Limits, never_hold_more_keys_than_told, ()) {
  const auto max = *rc::gen::inRange<std::size_t>(1, 40);
  Limits limits(max);
  Instant now(1'795'159'800s);
  for (const auto& [key, seconds] : *rc::gen::arbitrary<std::vector<std::pair<std::uint8_t, std::uint8_t>>>()) {
    now += std::chrono::seconds(seconds);
    limits.take(std::to_string(key), Limit{3, 60s}, now);
    RC_ASSERT(limits.size() <= max);
  }
}

TEST(Limits, forget_what_counts_nothing_before_what_still_counts) {
  Limits limits(3);
  Instant now(1'795'159'800s);
  const Limit daily{1, 86400s}, secondly{1, 1s};
  EXPECT_TRUE(limits.take("day", daily, now).allowed);
  EXPECT_TRUE(limits.take("second", secondly, now).allowed);
  EXPECT_TRUE(limits.take("another day", daily, now).allowed);
  now += 5s;
  EXPECT_TRUE(limits.take("new", secondly, now).allowed);
  EXPECT_FALSE(limits.take("day", daily, now).allowed);
  EXPECT_FALSE(limits.take("another day", daily, now).allowed);
}

TEST(Limits, of_a_million_fit_sums_beyond_64_bits) {
  Window window;
  const Limit vast{std::numeric_limits<std::int64_t>::max(), std::chrono::seconds(86400 * 31)};
  EXPECT_EQ(count(window, vast, Instant(1'795'159'800s)).remaining, vast.limit - 1);
}

// The least recently used list in its plainest form.
class ReferenceCache {
 public:
  std::optional<std::string> get(const std::string& key) {
    for (auto at = items_.begin(); at != items_.end(); ++at)
      if (at->first == key) {
        auto item = *at;
        items_.erase(at);
        items_.push_back(item);
        return item.second;
      }
    return std::nullopt;
  }
  void put(const std::string& key, const std::string& value) {
    std::erase_if(items_, [&](const auto& item) { return item.first == key; });
    items_.emplace_back(key, value);
  }
  // The driver may drop from the old end only.
  void trim_to(Cache& cache, Instant now) {
    while (!items_.empty() && !cache.get(items_.front().first, now)) items_.pop_front();
    for (const auto& [key, value] : items_) RC_ASSERT(cache.get(key, now) == std::optional(value));
  }

 private:
  std::deque<std::pair<std::string, std::string>> items_;
};

RC_GTEST_PROP(Cache, stays_below_its_bytes_and_drops_the_least_recently_used, ()) {
  const auto max = *rc::gen::inRange<std::size_t>(600, 5000);  // every value below fits
  Cache cache(max);
  ReferenceCache reference;
  const Instant now(1'795'159'800s);
  using Step = std::tuple<bool, std::uint8_t, std::uint16_t>;
  for (const auto& [write, number, size] : *rc::gen::arbitrary<std::vector<Step>>()) {
    const std::string key = std::to_string(number % 20);
    if (write) {
      const std::string value(size % 300, 'x');
      cache.put(key, value, now + 1s);
      reference.put(key, value);
      reference.trim_to(cache, now);
    } else {
      RC_ASSERT(cache.get(key, now) == reference.get(key));
    }
    RC_ASSERT(cache.bytes() <= max);
  }
}

TEST(Cache, does_not_keep_what_is_larger_than_itself) {
  Cache cache(1000);
  const Instant now(1'795'159'800s);
  cache.put("big", "small", now + 1s);
  cache.put("big", std::string(2000, 'x'), now + 1s);
  EXPECT_EQ(cache.get("big", now), std::nullopt) << "the value it replaces is gone too";
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(Topics, a_listener_destroyed_while_its_task_waits_ends_the_wait) {
  testing::FakeClock clock;
  auto memory = open_memory({}, clock);
  asio::io_context loop(1);
  auto listener = memory->listen("jobs");
  std::exception_ptr failure;
  asio::co_spawn(loop, listener->next(), [&](std::exception_ptr error, std::string) { failure = error; });
  loop.poll();
  listener.reset();
  loop.restart();
  loop.run();
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
}

TEST(Topics, a_loop_destroyed_while_a_listener_waits_leaves_nothing_to_wake) {
  testing::FakeClock clock;
  auto memory = open_memory({}, clock);
  auto listener = memory->listen("jobs");
  {
    asio::io_context loop(1);
    asio::co_spawn(loop, listener->next(), [](std::exception_ptr, std::string) { FAIL() << "nobody announced"; });
    loop.poll();
  }
  memory->announce("jobs", "one");
  memory.reset();
  EXPECT_EQ(run_task(listener->next()), "one");
}

}  // namespace
}  // namespace odeon::coordination
