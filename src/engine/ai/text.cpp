#include "engine/ai/text.hpp"

namespace odeon::ai {

std::string Message::text() const {
  std::string all;
  for (const auto& part : parts)
    if (const auto* piece = std::get_if<TextPart>(&part)) all += piece->text;
  return all;
}

TextReply TextReply::of(std::string text, std::string model, Usage usage) {
  TextReply reply{.model = std::move(model), .usage = usage};
  reply.message.parts.emplace_back(TextPart{std::move(text)});
  return reply;
}

}  // namespace odeon::ai
