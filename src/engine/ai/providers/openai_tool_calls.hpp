// Calls of tools while they are written, as OpenAI and its imitators write them: some give no place, no id, the same
// place to all of them, the id in every piece, or the arguments as an object.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/ai/providers/json_view.hpp"
#include "engine/ai/text_stream.hpp"

namespace odeon::ai {

class ToolCallReader {
 public:
  // One of `tool_calls`: a call or a piece of one. An id that is missing is made up of `answer_id`.
  void take(wire::View piece, const std::string& answer_id, TextEvents& events);
  // The `function_call` of the time when there was one call at most.
  void take_only(wire::View function, const std::string& answer_id, TextEvents& events);
  bool any() const { return begun_ > 0; }
  // Whether something was written that belongs to no tool.
  bool nameless() const { return begun_ < calls_.size(); }

 private:
  struct Call {
    std::optional<std::int64_t> index;                // the provider's
    std::string id;                                   // the provider's, as far as it gave one
    std::optional<std::size_t> place = std::nullopt;  // ours, once its name is known
    std::string waiting;                              // arguments that came ahead of the name
  };
  void take(std::optional<std::int64_t> index, std::string_view id, wire::View function, const std::string& answer_id,
            TextEvents& events);
  Call& call_of(std::optional<std::int64_t> index, std::string_view id, std::string_view name);

  std::vector<Call> calls_;
  std::size_t begun_ = 0;
};

}  // namespace odeon::ai
