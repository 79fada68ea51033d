#include "engine/ai/providers/checked_reply.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.hpp"
#include "engine/ai/providers/provider_errors.hpp"

namespace odeon::ai {
namespace {

// Models like to wrap JSON in a Markdown fence.
std::string without_fence(std::string_view text) {
  text = text::trim(text);
  if (!text.starts_with("```") || !text.ends_with("```") || text.size() < 6) return std::string(text);
  text.remove_suffix(3);
  const std::size_t line = text.find('\n');
  return line == std::string_view::npos ? "" : std::string(text::trim(text.substr(line + 1)));
}

bool is_json(std::string_view text) {
  boost::system::error_code fault;
  boost::json::parse(text, fault);
  return !fault;
}

bool says_anything(const TextReply& reply) {
  return std::ranges::any_of(reply.message.parts, [](const Part& part) {
    const auto* piece = std::get_if<TextPart>(&part);
    return std::holds_alternative<ToolCall>(part) || (piece != nullptr && !text::trim(piece->text).empty());
  });
}

}  // namespace

TextReply checked_reply(TextReply reply, bool json, const std::string& provider) {
  if (reply.finish == Finish::declined) return reply;
  const bool cut = reply.finish == Finish::length;
  if (!says_anything(reply))
    throw FailedAfterUse(unusable("NO_TEXT", provider, cut ? "stopped before any text" : "no text"), reply.usage);
  for (auto& part : reply.message.parts) {
    auto* piece = std::get_if<TextPart>(&part);
    if (piece == nullptr) continue;
    if (!text::is_utf8(piece->text)) piece->text = text::to_valid_utf8(piece->text);
    if (!json) continue;
    piece->text = without_fence(piece->text);
    if (!is_json(piece->text))
      throw FailedAfterUse(unusable("NOT_JSON", provider, cut ? "cut off JSON" : "not JSON"), reply.usage);
  }
  return reply;
}

}  // namespace odeon::ai
