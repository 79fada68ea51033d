// OpenAI's image generations as their clients speak them: pure translation. Checked against the official SDK
// (openai 6.49).
#pragma once

#include "base/fields.hpp"
#include "base/json.hpp"
#include "engine/ai/image.hpp"

namespace odeon::chat {

enum class OpenAiQuality { auto_, standard, hd, low, medium, high };
BOOST_DESCRIBE_ENUM(OpenAiQuality, auto_, standard, hd, low, medium, high)

enum class OpenAiStyle { vivid, natural };
BOOST_DESCRIBE_ENUM(OpenAiStyle, vivid, natural)

enum class OpenAiBackground { auto_, opaque, transparent };
BOOST_DESCRIBE_ENUM(OpenAiBackground, auto_, opaque, transparent)

enum class OpenAiPictureForm { b64_json, url };
BOOST_DESCRIBE_ENUM(OpenAiPictureForm, b64_json, url)

enum class OpenAiPictureFile { png };
BOOST_DESCRIBE_ENUM(OpenAiPictureFile, png)

struct OpenAiImagesRequest {
  Text<1, 32000> prompt;
  std::optional<Text<0, 200>> model;  // else the server chooses
  std::optional<Int<1, 4>> n;
  std::optional<std::string> size;       // "1024x1024", auto
  std::optional<OpenAiQuality> quality;  // standard: what is usual; hd: high
  std::optional<OpenAiStyle> style;      // vivid: what is usual
  std::optional<OpenAiBackground> background;
  std::optional<OpenAiPictureFile> output_format;  // the answer says what it is
  std::optional<OpenAiPictureForm> response_format;
  // What is not offered: only what means nothing is taken.
  std::optional<bool> stream;
  std::optional<std::int64_t> partial_images;
};
BOOST_DESCRIBE_STRUCT(OpenAiImagesRequest, (),
                      (prompt, model, n, size, quality, style, background, output_format, response_format, stream,
                       partial_images))

// Throws Error{invalid} with every fault by its field.
ai::ImageRequest openai_wanted(OpenAiImagesRequest asked);

// A `url` is a data: URL: it holds as long as whoever asked keeps it.
std::string openai_images(const ai::Images& drawn, OpenAiPictureForm form, Instant created);

}  // namespace odeon::chat
