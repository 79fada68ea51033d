// What people write about their children, as it is taken: looked through, so that nothing unfit is told on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "base/log.hpp"
#include "products/stories/words/content_filter.hpp"
#include "products/stories/words/prompts.hpp"

namespace odeon::stories {

// Each once, as GET /api/meta spells them. Throws Error{invalid} with every one that is not there.
std::vector<std::string> known_traits(const List<Text<1, 60>, 1, 5>& traits);
// As GET /api/meta spells it. Throws Error{invalid} for what is not there.
std::string known_event(std::string_view event);

// What was found is in the log, with its kind and what became of it; of the words none are.
//
// Without white space at its ends, with what is unfit replaced. Throws Error{invalid} for what has no words, and
// CONTENT_NOT_ALLOWED for what is plainly unfit.
std::string fit_words(std::string field, std::string_view text, Language language, Log& log);

// What a model wrote, or what goes to one: with what is unfit replaced.
std::string cleaned(std::string_view text, Language language, FilterMode mode, Log& log);
// So too, for pictures: each part of what goes into a prompt in its own language, before it is put into the English of
// the rest. Foreign words of it are none of English: "die" is an article, and "war" a verb.
VisualLook cleaned_look(VisualLook look, Language language, Log& log);
StoryScene cleaned_scene(StoryScene scene, Log& log);

}  // namespace odeon::stories
