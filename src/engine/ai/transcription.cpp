#include "engine/ai/transcription.hpp"

#include <cmath>

#include "engine/ai/complexity.hpp"

namespace odeon::ai {
namespace {

constexpr double kWordTokensASecond = 6;  // of somebody who talks fast

// Sound is seldom packed tighter: 16 kbit/s, and of WAVE what a telephone has.
double bytes_a_second(std::string_view media_type) {
  return media_type.ends_with("wav") ? 8'000 : 2'000;
}

}  // namespace

Usage most_of(const TranscriptionRequest& request) {
  const double seconds = request.seconds > 0
                             ? request.seconds
                             : static_cast<double>(request.audio.size()) / bytes_a_second(request.media_type);
  const auto heard = static_cast<std::int64_t>(std::ceil(seconds * kTokensHeardASecond));
  return {.input_tokens = heard + estimate_tokens(request.prompt),
          .input_audio_tokens = heard,
          .output_tokens = static_cast<std::int64_t>(std::ceil(seconds * kWordTokensASecond)),
          .seconds = seconds};
}

}  // namespace odeon::ai
