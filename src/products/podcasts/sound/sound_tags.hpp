// What the tag of a sound tells of it.
#pragma once

#include "engine/media/program.hpp"
#include "products/podcasts/episode_store.hpp"
#include "products/podcasts/sound/processing_options.hpp"

namespace odeon::podcasts {

media::Tags tags_of(const EpisodeRow& episode, const ShowRow& show, std::string language);
// That is spoken: the one that was chosen, or the podcast's.
std::string language_of(const ProcessingOptions& options, const ShowRow& show);

}  // namespace odeon::podcasts
