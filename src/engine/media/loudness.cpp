#include "engine/media/loudness.hpp"

#include <cmath>
#include <new>
#include <thread>

#include "base/error.hpp"
#include "engine/media/program.hpp"
#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

double at_least_silent(double level) {
  return std::isfinite(level) ? std::max(level, silent) : silent;
}

// Measured sound, repeated where it is shorter than a block.
void feed(LoudnessMeter& meter, const Pcm& audio) {
  const auto block = static_cast<std::int64_t>(std::ceil(gating_block_seconds * audio.rate));
  const std::int64_t repeats = audio.frames() == 0 || audio.frames() >= block ? 1 : block / audio.frames() + 1;
  for (std::int64_t i = 0; i < repeats; ++i) meter.add(audio.samples);
}

}  // namespace

void LoudnessMeter::Free::operator()(ebur128_state* state) const {
  ebur128_destroy(&state);
}

LoudnessMeter::LoudnessMeter(int rate, int channels, Scope scope)
    : state_(ebur128_init(channels, rate,
                          scope == Scope::integrated ? EBUR128_MODE_I : EBUR128_MODE_I | EBUR128_MODE_LRA)) {
  if (!state_) throw std::bad_alloc();
}

void LoudnessMeter::add(std::span<const float> interleaved) {
  if (ebur128_add_frames_float(state_.get(), interleaved.data(), interleaved.size() / state_->channels) !=
      EBUR128_SUCCESS)
    throw std::bad_alloc();
}

double LoudnessMeter::integrated() const {
  double level = silent;
  ebur128_loudness_global(state_.get(), &level);
  return at_least_silent(level);
}

double LoudnessMeter::range() const {
  double range = 0;
  ebur128_loudness_range(state_.get(), &range);
  return range;
}

double LoudnessMeter::momentary() const {
  double level = silent;
  ebur128_loudness_momentary(state_.get(), &level);
  return at_least_silent(level);
}

double LoudnessMeter::short_term() const {
  double level = silent;
  ebur128_loudness_shortterm(state_.get(), &level);
  return at_least_silent(level);
}

double integrated_loudness(const Pcm& audio) {
  LoudnessMeter meter(audio.rate, audio.channels, LoudnessMeter::Scope::integrated);
  feed(meter, audio);
  return meter.integrated();
}

Loudness measure(const Pcm& audio) {
  Loudness result;
  std::jthread peaks([&] { result.true_peak = to_decibels(true_peak(audio)); });
  LoudnessMeter meter(audio.rate, audio.channels, LoudnessMeter::Scope::everything);
  feed(meter, audio);
  result.integrated = meter.integrated();
  result.range = meter.range();
  return result;
}

}  // namespace odeon::media
