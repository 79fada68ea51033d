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

bool calls_tools(const TextReply& reply) {
  return std::ranges::any_of(reply.message.parts,
                             [](const Part& part) { return std::holds_alternative<ToolCall>(part); });
}

bool has_text(const TextReply& reply) {
  return std::ranges::any_of(reply.message.parts, [](const Part& part) {
    const auto* piece = std::get_if<TextPart>(&part);
    return piece != nullptr && !text::trim(piece->text).empty();
  });
}

}  // namespace

TextReply checked_reply(TextReply reply, const Wanted& wanted, const std::string& provider) {
  if (reply.finish == Finish::declined) return reply;
  const bool calls = calls_tools(reply), cut = reply.finish == Finish::length;
  if (!calls && !has_text(reply))
    if (auto fault = fault_of_silence(wanted, reply.finish))
      throw FailedAfterUse(std::move(*fault).with_detail(provider), reply.usage);
  for (auto& part : reply.message.parts) {
    auto* piece = std::get_if<TextPart>(&part);
    if (piece == nullptr) continue;
    if (!text::is_utf8(piece->text)) piece->text = text::to_valid_utf8(piece->text);
    if (!wanted.json || calls || (cut && wanted.cut)) continue;
    piece->text = without_fence(piece->text);
    if (is_json(piece->text)) continue;
    throw FailedAfterUse(cut ? cut_short().with_detail(provider) : unusable("NOT_JSON", provider, "not JSON"),
                         reply.usage);
  }
  return reply;
}

}  // namespace odeon::ai
