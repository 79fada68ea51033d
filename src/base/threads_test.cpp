#include "base/threads.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <thread>

namespace odeon {
namespace {

struct Scheduling {
  int policy = 0, nice = 0;
  std::uint64_t slice = 0;  // ns; 0: this kernel does not tell
  bool operator==(const Scheduling&) const = default;
};

// Of the calling thread, by sched_getattr(2); all zeros where that is refused.
Scheduling scheduling() {
  std::array<std::uint32_t, 12> words{};
  static_cast<void>(::syscall(SYS_sched_getattr, 0, words.data(), sizeof words, 0));
  Scheduling result{.policy = static_cast<int>(words[1]), .nice = static_cast<int>(words[4])};
  std::memcpy(&result.slice, &words[6], sizeof result.slice);
  return result;
}

template <class Fn>
void in_a_thread(Fn fn) {
  std::jthread(std::move(fn)).join();
}

TEST(Threads, ThatGiveWayAskForALongSliceAndChangeNothingElse) {
  in_a_thread([] {
    const Scheduling before = scheduling();
    if (before.slice == 0) GTEST_SKIP() << "threads have no slices of their own here, as before Linux 6.12";
    give_way();
    EXPECT_EQ(scheduling(), (Scheduling{before.policy, before.nice, 100'000'000}));
    give_way();
    EXPECT_EQ(scheduling(), (Scheduling{before.policy, before.nice, 100'000'000}));
  });
}

TEST(Threads, ThatYieldDoSoWithAllThatTheyMake) {
  const Scheduling before = scheduling();
  if (before == Scheduling{}) GTEST_SKIP() << "this kernel does not tell";
  in_a_thread([&] {
    yield_to_others();
    const Scheduling yielding = scheduling();
    EXPECT_EQ(yielding.nice, std::min(19, before.nice + 10));
    in_a_thread([&] { EXPECT_EQ(scheduling(), yielding); });
  });
  EXPECT_EQ(scheduling(), before);
}

}  // namespace
}  // namespace odeon
