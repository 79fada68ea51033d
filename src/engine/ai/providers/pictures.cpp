#include "engine/ai/providers/pictures.hpp"

#include <algorithm>
#include <cmath>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/ai/complexity.hpp"

namespace odeon::ai {

std::string picture_type(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  if (bytes.starts_with("RIFF") && bytes.substr(std::min<std::size_t>(8, bytes.size())).starts_with("WEBP"))
    return "image/webp";
  return bytes.starts_with("\x89PNG") ? "image/png" : "";
}

std::optional<Picture> picture_of_base64(std::string_view base64) {
  Picture picture{.media_type = "", .bytes = crypto::from_base64(base64).value_or(""), .url = ""};
  picture.media_type = picture_type(picture.bytes);
  if (picture.media_type.empty()) return std::nullopt;
  return picture;
}

std::optional<Picture> picture_of_data_url(std::string_view url) {
  constexpr std::string_view scheme = "data:", mark = ";base64,";
  const std::size_t at = url.substr(0, 128).find(mark);
  if (!text::equals_ignoring_case(url.substr(0, scheme.size()), scheme) || at == std::string_view::npos)
    return std::nullopt;
  return picture_of_base64(url.substr(at + mark.size()));
}

std::string url_of(const Picture& picture) {
  if (!picture.url.empty()) return picture.url;
  return "data:" + picture.media_type + ";base64," + crypto::to_base64(picture.bytes);
}

Usage picture_in_tokens(const ImageRequest& request) {
  constexpr std::int64_t kDrawn = 1'290, kSeen = 560;
  const std::int64_t seen = kSeen * std::ssize(request.references);
  return {.input_tokens = estimate_tokens(request.prompt) + seen,
          .input_image_tokens = seen,
          .output_tokens = kDrawn,
          .output_image_tokens = kDrawn,
          .images = 1};
}

Shape nearest_shape(int width, int height, std::span<const Shape> shapes) {
  const double wanted = static_cast<double>(std::max(width, 1)) / std::max(height, 1);
  return *std::ranges::min_element(
      shapes, {}, [&](const Shape& shape) { return std::abs(std::log(wanted * shape.height / shape.width)); });
}

std::string ratio_of(Shape shape) {
  return fmt::format("{}:{}", shape.width, shape.height);
}

}  // namespace odeon::ai
