// The models that there are: what each can, who sells it, and what it costs. Data: assets/models.toml, or a file of
// the operator's (ODEON_MODELS).
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "engine/ai/usage.hpp"

namespace odeon::ai {

// Nano-dollars. Of a million tokens, characters or seconds; of one picture. What has no price of its own costs what
// it is part of: cached input as input, reasoning as output.
struct Price {
  std::int64_t input = 0, cached = -1, cache_write = -1, cache_write_1h = -1, input_audio = -1, input_image = -1;
  std::int64_t output = 0, output_audio = -1, output_image = -1;
  std::int64_t characters = 0, seconds = 0;
  NanoUsd image = 0;
  // Where the input is longer than `long_above` tokens, all of it costs `long_input` percent of the above, and all of
  // the output `long_output` percent. 0: never.
  std::int64_t long_above = 0, long_input = 100, long_output = 100;
};

// The most that a price may be: $100,000.
inline constexpr std::int64_t kDearest = 100'000'000'000'000;

// Rounded up to a whole nano-dollar, never negative, and at most what NanoUsd holds, whatever the counts are. What the
// provider stated itself counts before the table.
NanoUsd cost_of(const Usage& usage, const Price& price);

// Who sells a model, under which name.
struct Offer {
  std::string provider;  // "openai"
  std::string id;        // "gpt-4o-2024-11-20"
  Price price;
  std::int64_t batch = 0;  // percent of it that a request in a batch costs (batch.hpp); 0: not sold that way
  std::string name() const { return provider + "/" + id; }
  // Of a request in a batch; where none are sold, the usual one.
  Price batch_price() const;
};

enum class ModelKind { text, speech, transcription, image, video, embedding };
BOOST_DESCRIBE_ENUM(ModelKind, text, speech, transcription, image, video, embedding)

struct ModelCard {
  std::string name;                  // "gpt-4o"
  std::vector<std::string> aliases;  // other names that mean it, of specs and of the past
  ModelKind kind = ModelKind::text;
  std::int64_t window = 0;      // tokens, input and output together; 0: unknown
  std::int64_t max_output = 0;  // tokens; 0: unknown
  bool tools = false, pictures = false, json = false, thinks = false;
  bool classic_limit = false;
  Micros hedge_after{};       // without an answer by then, the next is asked too; 0: it is waited for
  std::vector<Offer> offers;  // the one to ask first ahead; those of providers that are not set up are passed over
};

// Immutable.
class Catalogue {
 public:
  // Throws Error{invalid} that says of every fault which model, which key and why.
  static Catalogue from_toml(std::string_view document, const std::string& file_name = "models.toml");
  // The one that Odeon comes with.
  static Catalogue standard();
  static std::string_view standard_document();

  const std::vector<ModelCard>& models() const { return models_; }
  // By its name, an alias, or "provider/id" of an offer. Null if there is none. A name that stands for models of
  // several kinds means the one that is listed first.
  const ModelCard* find(std::string_view name) const;
  const ModelCard* find(std::string_view name, ModelKind kind) const;
  // By "provider/id". Null if nobody sells it under that name.
  const Offer* offer(std::string_view name) const;

 private:
  std::vector<ModelCard> models_;
  std::multimap<std::string, std::size_t, std::less<>> by_name_;
  std::map<std::string, std::pair<std::size_t, std::size_t>, std::less<>> offers_;
};

}  // namespace odeon::ai
