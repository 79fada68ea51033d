// Work on several cores inside one blocking call.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace odeon::media {

// How many threads one call may use: the cores, but not all of a large machine, which has other users.
int parallel_width();

// While it lives, work of its thread stays on its thread: for what runs beside others that keep the cores busy. That is
// so for all that is called by the functions below.
class KeepToThisThread {
 public:
  KeepToThisThread();
  ~KeepToThisThread();
  KeepToThisThread(const KeepToThisThread&) = delete;

 private:
  const bool before_;
};

// Calls `work` for 0 … count − 1, each once, on up to parallel_width() threads of which the caller is
// one, and returns when all are done. The first exception is thrown after that.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

// Calls `work(from, to)` for ranges that together are 0 … count, likewise.
void in_ranges(std::size_t count, const std::function<void(std::size_t, std::size_t)>& work);

// Throws operation_aborted if `stop` is asked for.
void heed(const std::stop_token& stop);

// Makes 0 … count − 1 on parallel_width() threads and has the caller's thread take them one by one, in order. No more
// than one over the number of threads are made ahead of what was taken, so memory stays bounded. The first exception of
// either side ends the rest and is thrown.
template <class T>
void in_order(std::size_t count, const std::function<T(std::size_t)>& make, const std::function<void(T)>& take) {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::size_t, T> ready;
  std::size_t next = 0, taken = 0;
  std::exception_ptr failure;
  const std::size_t width = static_cast<std::size_t>(parallel_width());
  const auto fail = [&] {
    const std::scoped_lock lock(mutex);
    if (!failure) failure = std::current_exception();
    changed.notify_all();
  };
  const auto run = [&] {
    const KeepToThisThread keep;
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [&] { return failure || next == count || next <= taken + width; });
      if (failure || next == count) return;
      const std::size_t index = next++;
      lock.unlock();
      try {
        T made = make(index);
        lock.lock();
        ready.emplace(index, std::move(made));
        changed.notify_all();
      } catch (...) {
        fail();
        return;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(width, count); ++i) threads.emplace_back(run);
    try {
      const KeepToThisThread keep;
      std::unique_lock lock(mutex);
      while (taken < count) {
        changed.wait(lock, [&] { return failure || ready.contains(taken); });
        if (failure) break;
        T made = std::move(ready.extract(taken).mapped());
        lock.unlock();
        take(std::move(made));
        lock.lock();
        ++taken;
        changed.notify_all();
      }
    } catch (...) {
      fail();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace odeon::media
