// Conversations as text. Pure.
#pragma once

#include "products/chat/conversations.hpp"
#include "products/chat/tree.hpp"

namespace odeon::chat {

// The title of a conversation that begins with `text`: its first words.
std::string title_of(std::string_view text);
// What stands around the first of `words` in `text`, on one line.
std::string excerpt_of(std::string_view text, const std::vector<std::string>& words);
// A document: who said what, when, by which model.
std::string markdown_of(const ConversationShown& conversation, const std::vector<const MessageRow*>& path);

// Where a page of a listing ends; and back. Nothing if it is not one of ours.
std::string cursor_of(Instant updated_at, std::string_view id);
std::optional<std::pair<Instant, std::string>> place_of(std::string_view cursor);

}  // namespace odeon::chat
