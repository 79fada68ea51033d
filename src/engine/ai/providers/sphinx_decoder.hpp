// One decoder of libpocketsphinx: samples in, words and their times out.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/ai/transcription.hpp"

namespace odeon::ai {

inline constexpr int kSphinxRate = 16'000;  // Hz

// Where speech is best taken apart to be decoded: at its quietest places, none of the parts longer than 12 s. The parts
// follow one another and are all of it.
std::vector<std::span<const std::int16_t>> breaths(std::span<const std::int16_t> samples);

// Used by one thread at a time. What it hears depends on nothing that it heard before.
class SphinxDecoder {
 public:
  // Takes most of a second. Throws Error{unavailable} where the library or its models are missing.
  explicit SphinxDecoder(const std::string& models);
  ~SphinxDecoder();
  // Words of mono speech at kSphinxRate, in seconds from its beginning; silence, breath and noise left out. Throws
  // operation_aborted once `stop` is asked for.
  std::vector<Spoken> words(std::span<const std::int16_t> samples, const std::stop_token& stop);

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace odeon::ai
