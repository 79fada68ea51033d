// The shapes of the OpenAI API as it and its many imitators speak it: our requests to JSON, their
// answers to ours. Pure.
#pragma once

#include <string>

#include "engine/ai/speech.hpp"
#include "engine/ai/text.hpp"

namespace odeon::ai {

// Which names of the same thing a model takes.
enum class ChatDialect {
  classic,    // max_tokens and temperature: what every server knows
  reasoning,  // max_completion_tokens and no temperature: OpenAI's models that think first
};

std::string chat_request(const TextRequest& request, const std::string& model, ChatDialect dialect);
// Throws Error (see text.hpp); one that follows an answer that counted tokens is FailedAfterUse.
TextReply read_chat_answer(const std::string& body, const TextRequest& request, const std::string& provider);

std::string speech_request(const SpeechRequest& request, const std::string& model, const std::string& voice);
// `content_type` decides between raw 24 kHz samples and WAVE; bytes that say they are WAVE are believed.
// Throws Error{upstream} for anything else.
Pcm read_speech_answer(const std::string& body, std::string_view content_type, const std::string& provider);

}  // namespace odeon::ai
