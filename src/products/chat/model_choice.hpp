// Which models answer somebody: the one that they name, if their plan has it, or those that the routing picks.
#pragma once

#include "engine/ai/gateway.hpp"
#include "engine/ai/routing.hpp"
#include "engine/billing/subscriptions.hpp"

namespace odeon::chat {

inline constexpr std::string_view kAuto = "auto";

// Plans that may ask every model by name have the feature all_models; else a feature "model:NAME" for each that they
// may.
inline constexpr std::string_view kAllModels = "all_models", kOneModel = "model:";

inline constexpr const char* kOffline = "offline";     // the reason where no model is set up
inline constexpr const char* kUncatalogued = "other";  // where those that are, are none of the catalogue

struct Asker {
  const billing::Plan* plan = nullptr;
  ai::NanoUsd left = ai::kNoLimit;  // of their budget
  std::string upgrade_url;
};

// What a question needs beside its text.
struct Needs {
  std::int64_t tokens = 0;       // of its files, estimated
  bool pictures = false;         // it has some
  bool pictures_before = false;  // the conversation has some: better somebody who can see them
};

struct Chosen {
  std::string asked;                                         // "auto", or the model's name in the catalogue
  std::vector<std::string> models;                           // as TextRequest::models has them
  std::function<std::vector<std::string>(Fault)> otherwise;  // and so this
  std::string reason;           // stable: of the routing's rule; "named"; or one of the two above
  std::int64_t input_room = 0;  // tokens that the first of them takes
  int max_tokens = 0;           // of its answer
  bool sees = false;            // pictures, as far as is known
};

// Thread-safe; what it is given outlives it.
class ModelChoice {
 public:
  ModelChoice(const ai::Gateway& gateway, const ai::Routing& routing) : gateway_(gateway), routing_(routing) {}

  // `at` is the field that `asked` stands in. Throws Error: invalid for a model that nobody knows and for a text that
  // is too long for it, forbidden where the plan has it not, unavailable where nobody sells it here. Of files too many
  // or pictures for who cannot see, the fault is at "attachments".
  Chosen choose(std::string_view asked, std::string_view text, const Asker& asker, Needs needs = {},
                std::string at = "model") const;
  // For what is done beside a conversation: who answers simple questions and can do what the request needs, and in the
  // end what is composed.
  std::vector<std::string> for_chore(const ai::TextRequest& request, const Asker& asker) const;
  // The name in the catalogue of what answered; as it is if it is not there.
  std::string name_of(std::string_view model) const;

 private:
  Chosen by_name(std::string_view asked, const Asker& asker, Needs needs, std::string at) const;
  Chosen routed(std::string_view text, const Asker& asker, Needs needs) const;

  const ai::Gateway& gateway_;
  const ai::Routing& routing_;
};

}  // namespace odeon::chat
