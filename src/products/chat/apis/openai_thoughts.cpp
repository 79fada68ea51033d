#include "products/chat/apis/openai_thoughts.hpp"
#include "products/chat/parts.hpp"

namespace odeon::chat {
namespace {

constexpr std::string_view kOurs = "odeon", kText = "reasoning.text", kEncrypted = "reasoning.encrypted";

}  // namespace

json::object openai_detail(std::string_view text, std::string_view signature, bool redacted, std::size_t index) {
  json::object detail{{"type", redacted ? kEncrypted : kText}, {"format", kOurs}, {"index", index}};
  if (redacted) {
    detail["data"] = signature;
    return detail;
  }
  if (!text.empty()) detail["text"] = text;
  if (!signature.empty()) detail["signature"] = signature;
  return detail;
}

std::vector<ai::Part> openai_thoughts(const OpenAiMessage& message) {
  std::vector<ai::Part> thoughts;
  for (const auto& detail : message.reasoning_details.value_or(std::vector<json::value>())) {
    if (text_of(member(&detail, "format")) != kOurs) continue;
    const bool redacted = text_of(member(&detail, "type")) == kEncrypted;
    thoughts.emplace_back(
        ai::Reasoning{.text = std::string(text_of(member(&detail, "text"))),
                      .signature = std::string(text_of(member(&detail, redacted ? "data" : "signature"))),
                      .redacted = redacted});
  }
  if (thoughts.empty() && message.reasoning_content && !message.reasoning_content->empty())
    thoughts.emplace_back(ai::Reasoning{.text = *message.reasoning_content, .signature = ""});
  return thoughts;
}

}  // namespace odeon::chat
