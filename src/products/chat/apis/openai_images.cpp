#include "products/chat/apis/openai_images.hpp"

#include <charconv>

#include "base/crypto.hpp"
#include "products/chat/told.hpp"

namespace odeon::chat {
namespace {

constexpr int kSmallest = 16, kLargest = 4'096;

std::optional<int> side_of(std::string_view digits) {
  int side = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), side);
  if (fault != std::errc() || end != digits.data() + digits.size() || side < kSmallest || side > kLargest)
    return std::nullopt;
  return side;
}

void read_size(ai::ImageRequest& wanted, std::string_view size, json::Faults& faults) {
  if (size.empty() || size == "auto") return;
  const auto cross = size.find('x');
  const auto width = side_of(size.substr(0, cross));
  const auto height = cross == std::string_view::npos ? std::nullopt : side_of(size.substr(cross + 1));
  if (!width || !height)
    return faults.add("size", "not_allowed", "This must be auto, or a width and a height such as 1024x1024.");
  wanted.width = *width;
  wanted.height = *height;
}

ai::ImageQuality quality_of(std::optional<OpenAiQuality> quality) {
  switch (quality.value_or(OpenAiQuality::auto_)) {
    case OpenAiQuality::auto_:
    case OpenAiQuality::standard:
      return ai::ImageQuality::usual;
    case OpenAiQuality::low:
      return ai::ImageQuality::low;
    case OpenAiQuality::medium:
      return ai::ImageQuality::medium;
    case OpenAiQuality::hd:
    case OpenAiQuality::high:
      return ai::ImageQuality::high;
  }
  return ai::ImageQuality::usual;
}

json::object usage_of(const ai::Usage& used) {
  return {{"input_tokens", used.input_tokens},
          {"output_tokens", used.output_tokens},
          {"total_tokens", used.input_tokens + used.output_tokens},
          {"input_tokens_details", json::object{{"text_tokens", used.input_tokens - used.input_image_tokens},
                                                {"image_tokens", used.input_image_tokens}}},
          {"output_tokens_details", json::object{{"image_tokens", used.output_image_tokens},
                                                 {"text_tokens", used.output_tokens - used.output_image_tokens}}}};
}

}  // namespace

ai::ImageRequest openai_wanted(OpenAiImagesRequest asked) {
  json::Faults faults;
  ai::ImageRequest wanted{.task = "chat.api"};
  read_size(wanted, asked.size.value_or(""), faults);
  if (text::trim(asked.prompt).empty()) faults.add("prompt", "too_short", "There is nothing to draw in it.");
  if (asked.stream.value_or(false)) faults.add("stream", "not_allowed", "Pictures come whole.");
  if (asked.partial_images.value_or(0) != 0) faults.add("partial_images", "not_allowed", "Pictures come whole.");
  faults.raise();
  wanted.prompt = std::move(asked.prompt);
  wanted.model = std::move(asked.model).value_or("");
  wanted.count = static_cast<int>(asked.n.value_or(1));
  wanted.transparent = asked.background == OpenAiBackground::transparent;
  wanted.quality = quality_of(asked.quality);
  if (asked.style == OpenAiStyle::natural) wanted.style = ai::ImageStyle::natural;
  return wanted;
}

std::string openai_images(const ai::Images& drawn, OpenAiPictureForm form, Instant created) {
  std::string out = fmt::format(R"({{"created":{},"data":[)", unix_time(created));
  bool first = true;
  for (const auto& picture : drawn.pictures) {
    if (!std::exchange(first, false)) out += ',';
    out += form == OpenAiPictureForm::url ? R"({"url":)" : R"({"b64_json":)";
    json::append_quoted(out, form == OpenAiPictureForm::url ? "data:" + picture.media_type + ";base64," : "");
    out.pop_back();  // base64 needs no escapes
    out += crypto::to_base64(picture.bytes) + "\"}";
  }
  const std::string_view type = drawn.pictures.front().media_type;
  out += R"(],"output_format":)";
  json::append_quoted(out, type.substr(type.find('/') + 1));
  return out + R"(,"usage":)" + json::write(usage_of(drawn.usage)) + "}";
}

}  // namespace odeon::chat
