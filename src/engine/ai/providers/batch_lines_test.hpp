// Results of batches as their providers write them, a line each.
#pragma once

#include <string>

#include "base/json.hpp"

namespace odeon::ai::batch_lines {

inline std::string line(const json::object& object) {
  return json::bj::serialize(object) + "\n";
}

inline json::object completion(std::string_view text) {
  return {{"id", "chatcmpl-1"},
          {"object", "chat.completion"},
          {"model", "gpt-4o-mini"},
          {"choices",
           json::array{json::object{
               {"index", 0}, {"message", {{"role", "assistant"}, {"content", text}}}, {"finish_reason", "stop"}}}},
          {"usage", {{"prompt_tokens", 20}, {"completion_tokens", 5}, {"total_tokens", 25}}}};
}
inline std::string openai(std::string_view id, const json::object& body, int status = 200) {
  return line({{"id", "batch_req_1"},
               {"custom_id", id},
               {"response", {{"status_code", status}, {"request_id", "req_1"}, {"body", body}}},
               {"error", nullptr}});
}
// It never reached the model.
inline std::string openai_unasked(std::string_view id, std::string_view code) {
  return line({{"id", "batch_req_2"},
               {"custom_id", id},
               {"response", nullptr},
               {"error", {{"code", code}, {"message", "This request could not be executed."}}}});
}

inline json::object message(std::string_view text) {
  return {{"id", "msg_1"},
          {"type", "message"},
          {"role", "assistant"},
          {"model", "claude-haiku-4-5"},
          {"content", json::array{json::object{{"type", "text"}, {"text", text}}}},
          {"stop_reason", "end_turn"},
          {"stop_sequence", nullptr},
          {"usage", {{"input_tokens", 20}, {"output_tokens", 5}}}};
}
inline std::string anthropic(std::string_view id, const json::object& result) {
  return line({{"custom_id", id}, {"result", result}});
}
inline json::object succeeded(std::string_view text) {
  return {{"type", "succeeded"}, {"message", message(text)}};
}
inline json::object errored(std::string_view type) {
  return {{"type", "errored"},
          {"error", {{"type", "error"}, {"request_id", "req_1"}, {"error", {{"type", type}, {"message", "No."}}}}}};
}

}  // namespace odeon::ai::batch_lines
