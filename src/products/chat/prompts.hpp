// What is asked of models, and what is answered where there is none. Pure.
#pragma once

#include "engine/ai/text.hpp"
#include "products/chat/store.hpp"

namespace odeon::chat {

// The rules of every conversation; the same for a whole day (UTC), so that providers can cache it.
std::string system_prompt(Instant now);

// The conversation as a model gets it: the rules, what `more` there is to know, and as much of the end of `path` as
// `room` tokens hold. The question, which is its last message, is always in it, and the first after these is never an
// answer.
std::vector<ai::Message> context_of(const std::vector<MessageRow>& path, std::string rules,
                                    std::vector<ai::Message> more, std::int64_t room);

// An answer without a model, which says so: what the question is about by its own words, and what was said of that
// before, here or in what is remembered (`facts`). `path` ends with the question.
std::string offline_answer(const std::vector<MessageRow>& path, const std::vector<std::string>& facts);

}  // namespace odeon::chat
