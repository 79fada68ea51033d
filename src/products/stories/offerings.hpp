// What apps can choose from: traits, events, languages, voices.
#pragma once

#include "engine/ai/gateway.hpp"
#include "engine/http/router.hpp"
#include "products/stories/narrations.hpp"
#include "products/stories/words/compose.hpp"

namespace odeon::stories {

struct MetaRequest {
  std::optional<Language> language;  // of `name`
};
BOOST_DESCRIBE_STRUCT(MetaRequest, (), (language))

struct Choice {
  std::string id;
  std::string name;
  std::map<std::string, std::string> names;  // by language
};
BOOST_DESCRIBE_STRUCT(Choice, (), (id, name, names))
struct LanguageChoice {
  Language id = Language::en;
  std::string name;  // in itself: "Deutsch"
};
BOOST_DESCRIBE_STRUCT(LanguageChoice, (), (id, name))
struct VoiceChoice {
  Voice id = Voice::nova;
  bool available = false;  // else another one stands in
};
BOOST_DESCRIBE_STRUCT(VoiceChoice, (), (id, available))
struct Meta {
  std::vector<Choice> traits, eventTypes;
  std::vector<LanguageChoice> languages;
  std::vector<VoiceChoice> voices;
  std::vector<Tone> tones;
};
BOOST_DESCRIBE_STRUCT(Meta, (), (traits, eventTypes, languages, voices, tones))

inline constexpr Endpoint<MetaRequest, Meta> read_meta{{.method = Method::get,
                                                        .path = "/api/meta",
                                                        .summary = "What there is to choose from",
                                                        .rate = {100, http::per_minute}}};

// Thread-safe; what it is given outlives it.
class Offerings {
 public:
  explicit Offerings(const ai::Gateway& gateway) : gateway_(gateway) {}

  Task<Meta> meta(MetaRequest request);

  void mount(http::Api& api);

 private:
  const ai::Gateway& gateway_;
};

}  // namespace odeon::stories
