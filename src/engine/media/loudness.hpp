// Loudness as EBU R 128 / ITU-R BS.1770-5 define it, by libebur128.
#pragma once

#include <ebur128.h>

#include <memory>
#include <span>

#include "base/pcm.hpp"

namespace odeon::media {

// What stands for "no loudness": the absolute gate of BS.1770, below which nothing counts.
inline constexpr double silent = -70;

inline constexpr double gating_block_seconds = 0.4;

// Follows a stream. Not thread-safe. Levels are LUFS and never below `silent`.
class LoudnessMeter {
 public:
  enum class Scope { integrated, everything };  // everything: also range, momentary and short-term
  // 1–5 channels, in the order L, R, C, Ls, Rs; one channel is mono and counts once, not twice.
  LoudnessMeter(int rate, int channels, Scope scope);

  void add(std::span<const float> interleaved);
  double integrated() const;
  double range() const;  // LU
  double momentary() const;
  double short_term() const;

 private:
  struct Free {
    void operator()(ebur128_state* state) const;
  };
  std::unique_ptr<ebur128_state, Free> state_;
};

// Integrated loudness. The standard has no value for less than 400 ms: such a sound is measured as if
// it were repeated, so that a single word has a level too.
double integrated_loudness(const Pcm& audio);

}  // namespace odeon::media
