#include "products/podcasts/sound/adopted_sound.hpp"

#include <cmath>

#include "base/ids.hpp"
#include "products/podcasts/sound/measurements.hpp"
#include "products/podcasts/sound/processing_store.hpp"

namespace odeon::podcasts {
namespace {

// Nothing is cut out of it.
Cuts whole(double seconds) {
  constexpr int rate = 48'000;
  return {media::EditList(rate, std::llround(seconds * rate)), {}};
}

}  // namespace

Task<std::optional<std::string>> source_to_work_on(Transaction& tx, EpisodeRow episode, const Clock& clock) {
  if (episode.source_id || !episode.audio_id) co_return episode.source_id;
  auto source = co_await store::audio(tx, *episode.audio_id);
  if (!source) co_return std::nullopt;
  source->id = new_uuid(clock);
  source->role = AudioRole::source;
  source->counted = 0;
  source->created_at = clock.now();
  if (!co_await store::set_source_of_adopted(tx, episode.id, *episode.audio_id, source->id)) {
    // Somebody else was faster.
    const auto now = co_await store::episode(tx, episode.id);
    co_return now ? now->source_id : std::nullopt;
  }
  co_await store::add(tx, *source);
  co_await store::keep_uncut(tx, episode.id, episode.user_id, source->id,
                             cuts_json(whole(source->seconds.value_or(0))));
  co_return source->id;
}

}  // namespace odeon::podcasts
