// What models are told of memories, and what they are asked about them. Pure.
#pragma once

#include <expected>

#include "engine/ai/text.hpp"
#include "products/chat/memory/memory_store.hpp"

namespace odeon::chat {

// For an answer: what is remembered of who asks, as data that nobody has to obey.
std::string remembered(const std::vector<std::string>& facts);

// One message to learn from.
struct Lesson {
  std::string message;           // what the person said
  std::string before;            // the answer that it replies to; may be empty
  std::vector<MemoryRow> known;  // what is remembered already, the newest first
};

// The messages ask for a document that matches the schema.
std::vector<ai::Message> lesson_messages(const Lesson& lesson);
ai::AnswerForm lesson_form();
// What the rules read from the message, as a model would write it.
std::string composed_facts(const Lesson& lesson);
// Of what is known, the ids of those that the messages show, by their numbers.
std::vector<std::string> shown_ids(const Lesson& lesson);
// What a model that was `shown` these has written; those worth remembering. Where it is not such a document there is
// nothing in it to rely on: what the rules read.
std::vector<Fact> facts_read(std::string_view document, const Lesson& lesson, const std::vector<std::string>& shown);

}  // namespace odeon::chat
