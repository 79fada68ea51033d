#include "engine/media/parallel.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <numeric>
#include <set>
#include <stdexcept>

#include "engine/media/handover.hpp"

namespace odeon::media {
namespace {

RC_GTEST_PROP(InOrder, TakesEverythingOnceInItsOrder, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(0, 200);
  std::atomic<std::size_t> made = 0;
  std::vector<std::size_t> taken;
  std::size_t most_ahead = 0;
  in_order<std::size_t>(
      count, [&](std::size_t i) { return ++made, i; },
      [&](std::size_t i) {
        most_ahead = std::max(most_ahead, made.load() - taken.size());
        taken.push_back(i);
      });
  std::vector<std::size_t> expected(count);
  std::iota(expected.begin(), expected.end(), 0);
  RC_ASSERT(taken == expected);
  RC_ASSERT(most_ahead <= static_cast<std::size_t>(parallel_width()) + 1);
}

TEST(InOrder, TheFirstFailureOfEitherSideEndsIt) {
  const auto fails = [](bool making) {
    std::size_t taken = 0;
    try {
      in_order<std::size_t>(
          1000,
          [&](std::size_t i) {
            if (making && i == 7) throw std::runtime_error("made");
            return i;
          },
          [&](std::size_t i) {
            ++taken;
            if (!making && i == 7) throw std::runtime_error("taken");
          });
    } catch (const std::runtime_error& error) {
      EXPECT_LE(taken, 8u);
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(fails(true), "made");
  EXPECT_EQ(fails(false), "taken");
}

TEST(KeepToThisThread, WorkWithinWorkStartsNoThreads) {
  const auto threads_of = [](std::size_t count) {
    std::mutex mutex;
    std::set<std::thread::id> ids;
    in_parallel(count, [&](std::size_t) {
      const std::scoped_lock lock(mutex);
      ids.insert(std::this_thread::get_id());
    });
    return ids;
  };
  std::atomic<std::size_t> done = 0;
  in_parallel(4, [&](std::size_t) {
    EXPECT_EQ(threads_of(100), std::set{std::this_thread::get_id()});
    in_ranges(100, [&](std::size_t from, std::size_t to) { done += to - from; });
  });
  EXPECT_EQ(done, 400u);
  const KeepToThisThread keep;
  EXPECT_EQ(threads_of(100), std::set{std::this_thread::get_id()});
}

TEST(Handover, PassesEverythingOnAndLetsEitherSideLeave) {
  Handover<int> pieces(2);
  std::jthread giver([&] {
    for (int i = 0; i < 1000; ++i) pieces.give(i);
    pieces.end();
  });
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(pieces.take(), i);
  EXPECT_EQ(pieces.take(), std::nullopt);

  Handover<int> unwanted(1);
  std::jthread other([&] {
    while (unwanted.give(1)) {
    }
  });
  EXPECT_EQ(unwanted.take(), 1);
  unwanted.leave();
}

}  // namespace
}  // namespace odeon::media
