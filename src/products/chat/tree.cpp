#include "products/chat/tree.hpp"

#include <algorithm>

namespace odeon::chat {
namespace {

std::string_view parent_of(const MessageRow& message) {
  return message.parent_id ? std::string_view(*message.parent_id) : std::string_view();
}

}  // namespace

Tree::Tree(const std::vector<MessageRow>& messages) {
  for (const auto& message : messages) {
    by_id_.emplace(message.id, &message);
    answers_[parent_of(message)].push_back(&message);
  }
}

const MessageRow* Tree::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

std::vector<const MessageRow*> Tree::path(std::string_view leaf) const {
  std::vector<const MessageRow*> path;
  // No longer than there are messages, whatever the rows say.
  for (const auto* at = find(leaf); at != nullptr && path.size() < by_id_.size(); at = find(parent_of(*at)))
    path.push_back(at);
  std::ranges::reverse(path);
  return path;
}

std::optional<std::string> Tree::leaf_through(std::string_view id) const {
  const auto* at = find(id);
  if (at == nullptr) return std::nullopt;
  for (std::size_t steps = 0; steps < by_id_.size(); ++steps) {
    const auto next = answers_.find(at->id);
    if (next == answers_.end()) break;
    at = next->second.back();
  }
  return at->id;
}

const std::vector<const MessageRow*>& Tree::siblings(const MessageRow& message) const {
  return answers_.at(parent_of(message));
}

}  // namespace odeon::chat
