// A sound that came finished, from another host, and is to be worked on: from then on it is its own source. Source and
// what is heard are one object, which is counted once and stays as long as either has it.
#pragma once

#include "products/podcasts/sound/audio_store.hpp"

namespace odeon::podcasts {

// The source of an episode: what came to it, and be it finished. Nothing where nothing came.
Task<std::optional<std::string>> source_to_work_on(Transaction& tx, EpisodeRow episode, const Clock& clock);

}  // namespace odeon::podcasts
