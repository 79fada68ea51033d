// Upstreams as OpenAI, Anthropic and Google speak, each telling the same story: "Once upon", for 9 tokens in and 3 out.
#pragma once

#include "engine/ai/providers/anthropic.hpp"
#include "engine/ai/providers/gemini.hpp"
#include "engine/ai/providers/openai_chat.hpp"

namespace odeon::chat::faults {

// What must never be seen outside: providers like to repeat both when they complain.
inline const std::string kKey = "sk-proj-topsecret", kPrompt = "Tell me about AAPL.";
inline const std::string kComplaint = "Incorrect key " + kKey + ". You said: " + kPrompt;

struct Shape {
  std::string name;
  const ai::TextDialect* dialect = nullptr;
  std::string path;   // ahead of the dialect's own
  std::string whole;  // the answer at once
  // The answer as events: what comes before the words, the words, and what comes after them.
  std::string opening, once, upon, ending;
  std::string error;  // an error of ours to wait for, as a body
  std::string error_event;

  std::string events() const { return opening + once + upon + ending; }
};

inline const ai::OpenAiChat kOpenAi;
inline const ai::Anthropic kAnthropic;
inline const ai::Gemini kGemini = ai::Gemini::studio();

inline Shape openai_shape() {
  const auto said = [](std::string_view word) {
    return fmt::format(R"(data: {{"id":"c1","choices":[{{"index":0,"delta":{{"content":"{}"}}}}]}})", word) + "\n\n";
  };
  const std::string usage = R"("usage":{"prompt_tokens":9,"completion_tokens":3})";
  const std::string error = R"({"error":{"message":")" + kComplaint + R"(","type":"server_error","code":503}})";
  return {.name = "OpenAi",
          .dialect = &kOpenAi,
          .path = "/v1",
          .whole = R"({"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Once upon"},)"
                   R"("finish_reason":"stop"}],)" +
                   usage + "}",
          .opening = R"(data: {"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})"
                     "\n\n",
          .once = said("Once "),
          .upon = said("upon"),
          .ending = R"(data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null})"
                    "\n\ndata: {\"id\":\"c1\",\"choices\":[]," +
                    usage + "}\n\ndata: [DONE]\n\n",
          .error = error,
          .error_event = "data: " + error + "\n\n"};
}

inline Shape anthropic_shape() {
  const auto event = [](std::string_view type, std::string_view more) {
    return fmt::format("event: {0}\ndata: {{\"type\":\"{0}\"{1}}}\n\n", type, more);
  };
  const auto said = [&](std::string_view word) {
    return event("content_block_delta", fmt::format(R"(,"index":0,"delta":{{"type":"text_delta","text":"{}"}})", word));
  };
  const std::string error = R"({"type":"error","error":{"type":"overloaded_error","message":")" + kComplaint + R"("}})";
  return {.name = "Anthropic",
          .dialect = &kAnthropic,
          .whole =
              R"({"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":"Once upon"}],)"
              R"("stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":3}})",
          .opening = event("message_start", R"(,"message":{"id":"msg_1","role":"assistant","content":[],)"
                                            R"("usage":{"input_tokens":9,"output_tokens":0}})") +
                     event("content_block_start", R"(,"index":0,"content_block":{"type":"text","text":""})") +
                     event("ping", ""),
          .once = said("Once "),
          .upon = said("upon"),
          .ending = event("content_block_stop", R"(,"index":0)") +
                    event("message_delta",
                          R"(,"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":3})") +
                    event("message_stop", ""),
          .error = error,
          .error_event = "event: error\ndata: " + error + "\n\n"};
}

inline Shape gemini_shape() {
  const auto said = [](std::string_view word, std::string_view more) {
    return fmt::format(R"({{"candidates":[{{"content":{{"parts":[{{"text":"{}"}}],"role":"model"}},"index":0{}}})",
                       word, more);
  };
  const std::string usage =
      R"(],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3,"totalTokenCount":12},"responseId":"r1"})";
  const std::string error = R"({"error":{"code":503,"message":")" + kComplaint + R"(","status":"UNAVAILABLE"}})";
  return {.name = "Gemini",
          .dialect = &kGemini,
          .whole = said("Once upon", R"(,"finishReason":"STOP")") + usage,
          .once = "data: " + said("Once ", "") + "]}\n\n",
          .upon = "data: " + said("upon", "") + "]}\n\n",
          .ending = "data: " + said("", R"(,"finishReason":"STOP")") + usage + "\n\n",
          .error = error,
          .error_event = "data: " + error + "\n\n"};
}

}  // namespace odeon::chat::faults
