// What a person's private feed tells of their stories (engine/media/feeds/rss.hpp).
#pragma once

#include "engine/media/feeds/rss.hpp"
#include "products/stories/feed_store.hpp"
#include "products/stories/words/language.hpp"

namespace odeon::stories {

// Without its items, in a language that this product speaks.
feeds::Channel private_channel(Language language);
// Without its addresses.
feeds::Item item_of(const HeardTale& tale);

}  // namespace odeon::stories
