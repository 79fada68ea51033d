// What was made for a person, as their usage counts it, and what the calls of models for it are called. A call's cost
// comes into the ledger by itself; that something was made is written with it, however many calls it took.
#pragma once

#include "engine/ai/usage.hpp"
#include "engine/billing/ledger.hpp"

namespace odeon::stories {

inline constexpr std::string_view kStoryMade = "story_generation", kAudioMade = "audio_synthesis",
                                  kImageMade = "image_generation";

struct Operation {
  std::string_view made, task;
};
inline constexpr auto kOperations = std::to_array<Operation>(
    {{kStoryMade, "stories.write"}, {kAudioMade, "stories.speech"}, {kImageMade, "stories.image"}});

// What calls for it are called.
std::string task_of(std::string_view made);
// What a call or something made counts as.
std::string_view operation_of(std::string_view name);

ai::Payer payer_of(std::string user_id, std::string tier);

// In the transaction that stores it; a second one of the same `id` is none.
Task<void> count_made(billing::Ledger& ledger, database::Executor& executor, ai::Payer payer, std::string_view made,
                      std::string model, std::string id);

}  // namespace odeon::stories
