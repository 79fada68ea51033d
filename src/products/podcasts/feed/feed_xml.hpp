// A podcast as RSS 2.0 with Apple's tags and those of Podcasting 2.0, within the limits of PSP-1
// (https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "products/podcasts/texts/transcript_store.hpp"

namespace odeon::podcasts {

// `base_url` is the product's address as readers reach it: links and sounds are below it. Episodes have their sound;
// `texts` by episode. The same arguments give the same bytes.
std::string write_feed(const ShowRow& show, const std::vector<EpisodeRow>& episodes, const std::string& base_url,
                       const std::map<std::string, OfferedTexts>& texts = {});

}  // namespace odeon::podcasts
