// What a program asks of a model, by whichever of the public APIs it came, and the model that it asks.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "engine/ai/gateway.hpp"

namespace odeon::chat {

struct Question {
  ai::TextRequest request{
      .task = "chat.api", .temperature = std::nullopt, .refusal_is_answer = true, .cut_is_answer = true};
  std::string model;        // as the client calls it
  bool streamed = false;    // else the answer comes as a whole
  bool counted = false;     // a stream says at its end what was used (OpenAI)
  bool limited = false;     // the client said how long the answer may be
  std::int64_t tokens = 0;  // of what is asked, estimated; `fit` sets it
  // Where in the client's document these stand, for faults that only the model tells; empty: nowhere.
  std::string limit_at, picture_at, form_at;
};

// A data: URL of a picture, or an https one. Nothing for anything else.
std::optional<ai::Picture> picture_at_url(std::string_view url);
// Nothing unless it is base64 of one of the kinds of pictures that models take.
std::optional<ai::Picture> picture_of(std::string_view media_type, std::string_view base64);

// Checks what names of tools may be made of, that no two are the same, and that the choice is one of them.
// `name_at` is where a tool has its name: "function.name".
void check_tools(const ai::TextRequest& request, std::string_view name_at, std::string_view choice_at,
                 json::Faults& faults);

// One fault that only a look at the model tells. `code` as OpenAI has them.
Error fault_at(std::string path, std::string code, std::string message);

// The models of one kind that can be asked. Immutable.
class OfferedModels {
 public:
  // The gateway has all its models.
  OfferedModels(const ai::Gateway& gateway, ai::ModelKind kind);
  const std::vector<ai::ModelCard>& all() const { return cards_; }
  // By name, alias or "provider/id". Null if there is none.
  const ai::ModelCard* look_up(std::string_view name) const;
  // Throws Error{not_found, "model_not_found"}.
  const ai::ModelCard& find(std::string_view name) const;

 private:
  std::vector<ai::ModelCard> cards_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

// What can be held against the question seen the model; sets what the client left to us, and its length. Throws
// Error{invalid}.
void fit(Question& question, const ai::ModelCard& model);

}  // namespace odeon::chat
