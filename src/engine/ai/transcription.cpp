#include "engine/ai/transcription.hpp"

#include <cmath>

#include "engine/ai/complexity.hpp"

namespace odeon::ai {
namespace {

constexpr double kBytesHeardASecond = 2'000;  // 16 kbit/s: sound is seldom packed tighter
constexpr double kWordTokensASecond = 6;      // of somebody who talks fast

}  // namespace

Usage most_of(const TranscriptionRequest& request) {
  const double seconds =
      request.seconds > 0 ? request.seconds : static_cast<double>(request.audio.size()) / kBytesHeardASecond;
  const auto heard = static_cast<std::int64_t>(std::ceil(seconds * kTokensHeardASecond));
  return {.input_tokens = heard + estimate_tokens(request.prompt),
          .input_audio_tokens = heard,
          .output_tokens = static_cast<std::int64_t>(std::ceil(seconds * kWordTokensASecond)),
          .seconds = seconds};
}

}  // namespace odeon::ai
