// What a model is asked for when it writes a script, and whether its answer can be trusted.
//
// Texts of feeds come from strangers. They are handed over as data between marks that they cannot
// forge, the model is told that nothing in there is an instruction, and what comes back is checked as
// strictly as if they had written it: shape, length, sources, figures, and nothing but speech.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ai/text.hpp"
#include "products/briefings/script/facts.hpp"
#include "products/briefings/script/script.hpp"

namespace odeon::briefings {

struct ScriptBrief {
  Instant now;
  double target_seconds = 150;
  double words_per_minute = 165;
  std::size_t max_articles = 40;
  std::string title;  // empty: the edition's
};

// The stories' articles in order, as many as the brief allows: what the model sees and may name.
std::vector<Article> offered_articles(const std::vector<Story>& stories, const ScriptBrief& brief);

// Asks for a JSON script somewhat longer than the target, so that fit has a choice.
std::vector<ai::Message> script_messages(const std::vector<Article>& offered, const ScriptBrief& brief);

// The same for one person, whose facts (facts.hpp) go along as data; `brief.now` is by the person's clock.
std::vector<ai::Message> personal_messages(const std::vector<Article>& offered, const PersonalBrief& person,
                                           const std::vector<Fact>& facts, const ScriptBrief& brief);

// Why an answer is not used: a stable code (not_json, shape, markup, unknown_source, unsourced,
// invented_figures, wrong_direction, too_short, too_long) and a sentence for logs and for the briefing's metadata.
struct Rejection {
  std::string code;
  std::string message;
};

// The script of a model's answer, graded for fit. Facts count as sources beside the articles.
std::expected<Script, Rejection> parse_script(std::string_view reply, const std::vector<Article>& offered,
                                              const ScriptBrief& brief, const std::vector<Fact>& facts = {});

}  // namespace odeon::briefings
