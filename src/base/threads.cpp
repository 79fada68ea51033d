#include "base/threads.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace odeon {
namespace {

constexpr int kYieldingNice = 10;
constexpr std::uint64_t kLongSlice = 100'000'000;  // ns

// As sched_setattr(2) has it; the C library has neither it nor the call, and the kernel's header clashes with its own.
struct SchedAttr {
  std::uint32_t size = sizeof(SchedAttr), policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0, deadline = 0, period = 0;
};
static_assert(sizeof(SchedAttr) == 48);

}  // namespace

void give_way() {
  const SchedAttr wanted{.policy = static_cast<std::uint32_t>(::sched_getscheduler(0)),
                         .nice = ::getpriority(PRIO_PROCESS, 0),
                         .runtime = kLongSlice};
  static_cast<void>(::syscall(SYS_sched_setattr, 0, &wanted, 0));
}

void yield_to_others() {
  // Linux keeps this for each thread (nice(2), notes).
  static_cast<void>(::nice(kYieldingNice));
  give_way();
}

}  // namespace odeon
