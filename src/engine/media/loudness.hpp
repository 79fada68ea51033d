// Loudness as EBU R 128 / ITU-R BS.1770-5 define it.
//
// Our own, since libebur128 takes three times as long and a recording is measured three times; that it reads the same
// is a test.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

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
  // Integrated, over several meters of stretches of one sound. Blocks that span two stretches are left out.
  static double integrated_over(std::span<const std::unique_ptr<LoudnessMeter>> meters);

 private:
  struct Biquad {
    double b0, b1, b2, a1, a2;
  };
  // Of both filters, one after the other.
  struct Memory {
    double shelf1 = 0, shelf2 = 0, high1 = 0, high2 = 0;
  };
  static constexpr std::int64_t steps = 300;  // of a hundredth of a second: the longest window

  template <class Lanes, class Load>
  double filter(Memory* memory, std::int64_t frames, Load load);
  double filter(const float* samples, std::int64_t frames);
  void end_step();
  double power(std::int64_t of_steps) const;
  std::int64_t end_of(std::int64_t step) const { return (step + 1) * rate_ / 100; }

  const int rate_, channels_;
  const Scope scope_;
  const Biquad shelf_, high_;
  std::array<Memory, 5> memory_{};
  double in_step_ = 0;  // weighted sum of squares
  std::int64_t frames_ = 0, step_ = 0;
  std::array<double, steps> recent_{};  // such sums, by step modulo their number
  std::vector<double> blocks_;          // mean powers of 400 ms, every 100 ms
  std::vector<double> windows_;         // of 3 s, every 100 ms
};

// Integrated loudness. The standard has no value for less than 400 ms: such a sound is measured as if
// it were repeated, so that a single word has a level too.
double integrated_loudness(const Pcm& audio);

}  // namespace odeon::media
