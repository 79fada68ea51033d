// Which models are asked a question, and in which order: by what it is, who asks, what they may still spend, and how
// the models do. Pure. The rules are data ([[route]] and [fallbacks] in models.toml): the first whose conditions all
// hold decides; models that cannot do what is needed are passed over.
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "engine/ai/catalogue.hpp"
#include "engine/ai/complexity.hpp"

namespace odeon::ai {

inline constexpr NanoUsd kNoLimit = std::numeric_limits<NanoUsd>::max();

struct Question {
  Complexity complexity = Complexity::simple;
  std::int64_t input_tokens = 0;   // estimated; the conversation before it included
  std::int64_t output_tokens = 0;  // at most; a model's window must hold both
  std::string tier;                // "ultra"; capitals or not is all the same
  NanoUsd budget_left = kNoLimit;
  bool tools = false, pictures = false, json = false;  // what is needed
};

// How an offer does at the moment.
struct OfferState {
  bool up = true;        // a call would be let in
  bool limited = false;  // where not: because of its provider's limits
  Micros first_token{};  // lately; 0: not known, and taken for a second
};
// By "provider/id". Offers that are not named here cannot be asked: their provider is not set up.
using OfferStates = std::map<std::string, OfferState, std::less<>>;

// Names of offers ("openai/gpt-4o"); none stands twice. They live as long as the Routing.
struct Route {
  using Names = std::vector<std::string_view>;
  Names own;  // what the rule says: each model, whoever sells it
  // Where that is nobody: why not.
  Fault failed = Fault::unavailable;
  // What takes over if the last of these has failed so.
  Names when_rate_limited, when_unavailable;
  Names rest;  // whatever else can, the cheapest first; at the end what is down
  // Stable, for the records: the rule's `why`; "…_elsewhere" where none of its own models can be asked.
  std::string reason;

  // As TextRequest::models has them: its own, or whatever there is where it has none.
  std::vector<std::string> first() const;
  // As TextRequest::otherwise has them.
  std::vector<std::string> others(Fault failed) const;
  // All of it in one order.
  std::vector<std::string> models() const;
};

// Immutable.
class Routing {
 public:
  // The rules of a document that `catalogue` was read from too; it outlives this. Throws Error{invalid} that says of
  // every fault which rule, which key and why.
  Routing(std::string_view document, const Catalogue& catalogue, const std::string& file_name = "models.toml");

  // Empty only if nothing that is set up can serve.
  Route route(const Question& question, const OfferStates& states) const;

 private:
  struct Candidate {
    const ModelCard* card;
    const Offer* offer;
    std::string name;
  };
  // Candidates of one model stand together.
  struct Range {
    std::size_t first = 0, last = 0;
  };
  struct Rule {
    std::string why;
    std::vector<Complexity> complexities;  // empty: any
    std::vector<std::string> tiers;        // empty: any
    NanoUsd budget_below = kNoLimit, budget_above = -1;
    std::vector<Range> models;
    bool fallbacks = true;
    bool holds(const Question& question) const;
  };
  class Reader;
  class Choice;

  std::vector<Candidate> candidates_;  // of every text model, in the catalogue's order
  std::vector<std::size_t> by_name_;   // the same, sorted
  std::vector<Rule> rules_;
  std::vector<Range> rate_limited_, unavailable_;
};

}  // namespace odeon::ai
