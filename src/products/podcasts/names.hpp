// What podcasts are called in addresses and by other programs.
#pragma once

#include <string>
#include <string_view>

namespace odeon::podcasts {

// "the-morning-after" for "The Morning After!": 1 to 60 of a-z, 0-9 and single hyphens.
std::string slug_of(std::string_view title);

// The `podcast:guid` of a feed: a UUID of version 5 of its address without scheme and slashes at the end, in the
// namespace that Podcasting 2.0 has for feeds.
std::string podcast_guid(std::string_view feed_url);

}  // namespace odeon::podcasts
