// Composes the script of one person's briefing without a model: how the stocks moved, the news about them,
// then the market's main stories. Invents nothing, as compose (script.hpp).
#pragma once

#include "products/briefings/script/facts.hpp"

namespace odeon::briefings {

// `stories` in the order of news.hpp; time and length are the brief's, `options` has the rest. The same
// input gives the same script. Sentences about prices name a Fact of facts(brief). Too little material gives
// a shorter script.
Script compose_personal(const std::vector<Story>& stories, const PersonalBrief& brief, const ComposeOptions& options);

}  // namespace odeon::briefings
