#include "engine/ai/image.hpp"

#include "engine/ai/complexity.hpp"

namespace odeon::ai {
namespace {

// A square picture of gpt-image-2's, the dearest by the token: its prices by the picture ($0.006, $0.053 and $0.211),
// of OpenAI's guide to image generation, at 30 dollars a million. Who is not told decides itself.
std::int64_t tokens_of_picture(ImageQuality quality) {
  switch (quality) {
    case ImageQuality::low:
      return 200;
    case ImageQuality::medium:
      return 1'800;
    case ImageQuality::usual:
    case ImageQuality::high:
      break;
  }
  return 7'100;
}

// One to go by, which gpt-image-2 always looks at closely.
constexpr std::int64_t kTokensOfReference = 6'600;

}  // namespace

Usage most_of(const ImageRequest& request) {
  const std::int64_t tokens = tokens_of_picture(request.quality) * request.count;
  const std::int64_t seen = kTokensOfReference * std::ssize(request.references);
  return {.input_tokens = estimate_tokens(request.prompt) + seen,
          .input_image_tokens = seen,
          .output_tokens = tokens,
          .output_image_tokens = tokens,
          .images = request.count};
}

}  // namespace odeon::ai
