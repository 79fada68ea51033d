#include "engine/media/background_meter.hpp"

namespace odeon::media {
namespace {

constexpr std::size_t metered_at_once = 1 << 16;  // samples that are worth waking another thread

}  // namespace

BackgroundMeter::BackgroundMeter(int rate, int channels)
    : meter_(rate, channels, LoudnessMeter::Scope::everything), thread_([this] { run(); }) {}

BackgroundMeter::~BackgroundMeter() {
  finish();
}

void BackgroundMeter::add(std::span<const float> interleaved) {
  gathered_.insert(gathered_.end(), interleaved.begin(), interleaved.end());
  if (gathered_.size() >= metered_at_once) hand_over();
}

const LoudnessMeter& BackgroundMeter::finish() {
  if (!thread_.joinable()) return meter_;
  hand_over();
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  thread_.join();
  return meter_;
}

void BackgroundMeter::hand_over() {
  {
    const std::scoped_lock lock(mutex_);
    waiting_.insert(waiting_.end(), gathered_.begin(), gathered_.end());
  }
  gathered_.clear();
  changed_.notify_one();
}

void BackgroundMeter::run() {
  std::vector<float> samples;
  for (bool ended = false; !ended;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
      samples.swap(waiting_);
      ended = ended_;
    }
    meter_.add(samples);
    samples.clear();
  }
}

}  // namespace odeon::media
