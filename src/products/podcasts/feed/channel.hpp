// What a podcast's feed tells (engine/media/feeds/rss.hpp).
#pragma once

#include <map>

#include "engine/media/feeds/rss.hpp"
#include "products/podcasts/texts/transcript_store.hpp"

namespace odeon::podcasts {

struct ToldEpisodes {
  std::vector<EpisodeRow> episodes;           // that have their sound, the newest first
  std::map<std::string, OfferedTexts> texts;  // by episode
  std::map<std::string, std::string> notes;   // likewise, as Markdown
};

// `base_url` is the product's address as readers reach it: links and sounds are below it.
feeds::Channel channel_of(const ShowRow& show, const ToldEpisodes& told, const std::string& base_url);

}  // namespace odeon::podcasts
