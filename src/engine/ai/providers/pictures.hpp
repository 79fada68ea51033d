// Pictures as providers take and send them: in base64, in data URLs, in shapes of their own.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/ai/text.hpp"

namespace odeon::ai {

// By its first bytes: image/png, image/jpeg, image/webp; empty for anything else.
std::string picture_type(std::string_view bytes);
// Nothing unless it is a picture of these types.
std::optional<Picture> picture_of_base64(std::string_view base64);
std::optional<Picture> picture_of_data_url(std::string_view url);
// Its address, else a data URL.
std::string url_of(const Picture& picture);

struct Shape {
  int width, height;
};
// Of those that there are, at least one, the nearest by the ratio of its sides.
Shape nearest_shape(int width, int height, std::span<const Shape> shapes);
// "16:9".
std::string ratio_of(Shape shape);

}  // namespace odeon::ai
