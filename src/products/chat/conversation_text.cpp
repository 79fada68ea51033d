#include "products/chat/conversation_text.hpp"

#include <charconv>

#include "products/chat/files/file_parts.hpp"
#include "products/chat/folding.hpp"

namespace odeon::chat {
namespace {

constexpr std::size_t kLongestTitle = 60, kBefore = 60, kExcerpt = 200;
constexpr const char* kEllipsis = "…";

// No more than `count` characters, ended between words where that is not too far back.
std::string shortened(std::string_view text, std::size_t count) {
  const auto kept = text::prefix(text, count);
  if (kept.size() == text.size()) return std::string(text);
  const auto space = kept.rfind(' ');
  return std::string(kept.substr(0, space == std::string_view::npos || space < kept.size() / 2 ? kept.size() : space)) +
         kEllipsis;
}

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

}  // namespace

std::string title_of(std::string_view text) {
  const std::string line = text::collapse_spaces(text);
  return shortened(line, kLongestTitle);
}

std::string excerpt_of(std::string_view text, const std::vector<std::string>& words) {
  const std::string line = text::collapse_spaces(text), looked_at = folded(line);
  // Near enough: a letter may take fewer bytes there.
  std::size_t at = std::string::npos;
  for (const auto& word : words) at = std::min(at, looked_at.find(folded(word)));
  std::size_t from = at == std::string::npos || at <= kBefore ? 0 : at - kBefore;
  if (from > 0)
    if (const auto space = line.find(' ', from); space < at) from = space + 1;
  while (from < line.size() && continues_character(line[from])) ++from;
  return (from > 0 ? kEllipsis : "") + shortened(std::string_view(line).substr(from), kExcerpt);
}

std::string markdown_of(const ConversationShown& conversation, const std::vector<const MessageRow*>& path) {
  std::string out = "# " + text::collapse_spaces(conversation.title) + "\n";
  for (const auto* message : path) {
    out += message->role == Role::user ? "\n## You" : "\n## " + message->model;
    out += " · " + to_iso8601(message->created_at) + "\n\n" + message->text() + "\n";
    for (const auto& part : message->parts)
      if (is_file(part)) out += "\n*(Attached: " + *part.name + ")*\n";
    if (message->finish == "cut") out += "\n*(It broke off here.)*\n";
  }
  return out;
}

std::string cursor_of(Instant updated_at, std::string_view id) {
  return std::to_string(updated_at.time_since_epoch().count()) + "_" + std::string(id);
}

std::optional<std::pair<Instant, std::string>> place_of(std::string_view cursor) {
  const auto bar = cursor.find('_');
  if (bar == std::string_view::npos) return std::nullopt;
  std::int64_t micros = 0;
  const auto [end, fault] = std::from_chars(cursor.data(), cursor.data() + bar, micros);
  if (fault != std::errc() || end != cursor.data() + bar) return std::nullopt;
  return std::pair(Instant(Micros(micros)), std::string(cursor.substr(bar + 1)));
}

}  // namespace odeon::chat
