// A loudness meter that works beside whoever makes the sound.
#pragma once

#include <condition_variable>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "engine/media/loudness.hpp"

namespace odeon::media {

// Owned and called by one thread; measures on another. Pieces may be of any length.
class BackgroundMeter {
 public:
  BackgroundMeter(int rate, int channels);
  ~BackgroundMeter();
  void add(std::span<const float> interleaved);
  // Waits until everything is measured. Nothing may be added after it.
  const LoudnessMeter& finish();

 private:
  void hand_over();
  void run();

  LoudnessMeter meter_;
  std::vector<float> gathered_;  // of the owner
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<float> waiting_;
  bool ended_ = false;
  std::jthread thread_;
};

}  // namespace odeon::media
