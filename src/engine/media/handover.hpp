// Pieces of work from one thread to another, a few at a time, so that neither runs away from the other.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace odeon::media {

// One giver, one taker; both may leave at any time.
template <class T>
class Handover {
 public:
  explicit Handover(std::size_t room) : room_(room) {}

  // Waits for room. False if the taker has left: the piece is lost and more are not wanted.
  bool give(T piece) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return left_ || pieces_.size() < room_; });
    if (left_) return false;
    pieces_.push_back(std::move(piece));
    changed_.notify_one();
    return true;
  }
  // The giver has nothing more.
  void end() {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    changed_.notify_one();
  }
  // Waits for a piece; none at the end.
  std::optional<T> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_ || !pieces_.empty(); });
    if (pieces_.empty()) return std::nullopt;
    T piece = std::move(pieces_.front());
    pieces_.pop_front();
    changed_.notify_one();
    return piece;
  }
  // The taker wants nothing more.
  void leave() {
    const std::scoped_lock lock(mutex_);
    left_ = true;
    changed_.notify_one();
  }

 private:
  const std::size_t room_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> pieces_;
  bool ended_ = false, left_ = false;
};

}  // namespace odeon::media
