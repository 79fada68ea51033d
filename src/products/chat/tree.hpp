// A conversation as the tree that it is: what was said, and where somebody asked again. Pure.
#pragma once

#include <map>
#include <string_view>

#include "products/chat/store.hpp"

namespace odeon::chat {

// Of one conversation, its messages in the order in which they came. They outlive it.
class Tree {
 public:
  explicit Tree(const std::vector<MessageRow>& messages);

  // From the beginning to the message `leaf`; empty if there is none of that id.
  std::vector<const MessageRow*> path(std::string_view leaf) const;
  // The end of the newest branch that goes through the message `id`; nothing if there is none of that id.
  std::optional<std::string> leaf_through(std::string_view id) const;
  // What answers to the same message, the oldest first, itself included.
  const std::vector<const MessageRow*>& siblings(const MessageRow& message) const;

 private:
  const MessageRow* find(std::string_view id) const;

  std::map<std::string_view, const MessageRow*> by_id_;
  std::map<std::string_view, std::vector<const MessageRow*>> answers_;  // by what they answer; "": the beginnings
};

}  // namespace odeon::chat
