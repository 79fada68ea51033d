// What is brought along as it is kept here: looked through as if people had just written it. Whose it is, its id and
// its times are for whoever stores it. Each throws Error{invalid} for what may not be told.
#pragma once

#include "base/log.hpp"
#include "products/stories/event_store.hpp"
#include "products/stories/import/library.hpp"
#include "products/stories/tale_store.hpp"

namespace odeon::stories {

// `language`: of whoever brings it, where it does not say its own.
HeroRow hero_row(const BroughtHero& brought, Language language, Log& log);
EventRow event_row(const BroughtEvent& brought, Language language, Log& log);
// Without hero and custom event, which are others here.
TaleRow tale_row(const BroughtStory& brought, Language language, Log& log);

}  // namespace odeon::stories
