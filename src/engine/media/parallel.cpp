#include "engine/media/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace odeon::media {

namespace {

thread_local bool keeps_to_itself = false;

}  // namespace

KeepToThisThread::KeepToThisThread() : before_(std::exchange(keeps_to_itself, true)) {}
KeepToThisThread::~KeepToThisThread() {
  keeps_to_itself = before_;
}

int parallel_width() {
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, 4u));
}

void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&] {
    const KeepToThisThread keep;
    for (std::size_t index; (index = next.fetch_add(1)) < count;) {
      try {
        work(index);
      } catch (...) {
        const std::scoped_lock lock(mutex);
        if (!failure) failure = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    const std::size_t helpers = keeps_to_itself ? 1 : std::min<std::size_t>(count, parallel_width());
    for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

void in_ranges(std::size_t count, const std::function<void(std::size_t, std::size_t)>& work) {
  const std::size_t ranges =
      keeps_to_itself ? std::min<std::size_t>(count, 1) : std::min<std::size_t>(count, parallel_width());
  in_parallel(ranges, [&](std::size_t i) { work(count * i / ranges, count * (i + 1) / ranges); });
}

void heed(const std::stop_token& stop) {
  if (stop.stop_requested()) throw boost::system::system_error(boost::asio::error::operation_aborted);
}

}  // namespace odeon::media
