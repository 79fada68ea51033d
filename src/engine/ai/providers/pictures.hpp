// Pictures as providers take and send them: in base64, in data URLs, in shapes of their own.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/ai/image.hpp"

namespace odeon::ai {

// By its first bytes: image/png, image/jpeg, image/webp; empty for anything else.
std::string picture_type(std::string_view bytes);
// Nothing unless it is a picture of these types.
std::optional<Picture> picture_of_base64(std::string_view base64);
std::optional<Picture> picture_of_data_url(std::string_view url);
// Its address, else a data URL.
std::string url_of(const Picture& picture);

// What one picture uses about, with models that count as Google's do, whoever sells them: 1290 tokens up to a
// megapixel, 560 for one to go by (ai.google.dev/gemini-api/docs/pricing).
Usage picture_in_tokens(const ImageRequest& request);

struct Shape {
  int width, height;
};
// Of those that there are, at least one, the nearest by the ratio of its sides.
Shape nearest_shape(int width, int height, std::span<const Shape> shapes);
// "16:9".
std::string ratio_of(Shape shape);

}  // namespace odeon::ai
