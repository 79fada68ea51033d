#include "products/podcasts/sound/tagged_sound.hpp"

#include "products/podcasts/sound/processing_store.hpp"
#include "products/podcasts/sound/sound_tags.hpp"

namespace odeon::podcasts {

Task<std::optional<Finished>> TaggedSound::tag(EpisodeRow episode, std::vector<NotesChapter> chapters) {
  const auto show = co_await store::show(database_, episode.podcast_id);
  auto object = co_await storage_.get(episode.audio_key.value_or(""));
  if (!show || object == nullptr) co_return std::nullopt;
  const double seconds = episode.audio_seconds.value_or(0);
  const auto options = co_await store::options_of(database_, episode.id);
  auto tags = tags_of(episode, *show, language_of(options, *show));
  tags.artwork = co_await artwork_.cover_of(episode.id, episode.podcast_id);
  auto tagged = co_await work_.tag(std::move(object), std::move(tags), tag_chapters(chapters, seconds), seconds);
  if (tagged == nullptr) co_return std::nullopt;
  const auto key = co_await audio_.make(episode.source_id.value_or(""));
  if (!key) co_return std::nullopt;
  const auto bytes = work_.bytes_of(*tagged);
  co_await storage_.put(*key, *bytes, {.content_type = "audio/mpeg"});
  co_return Finished{.storage_key = *key, .bytes = tagged->size(), .seconds = seconds};
}

Task<bool> TaggedSound::finish(Transaction& tx, std::string source_id, Finished tagged) {
  return audio_.finish(tx, std::move(source_id), std::move(tagged));
}

Task<void> TaggedSound::drop(std::string storage_key) {
  return storage_.remove(std::move(storage_key));
}

}  // namespace odeon::podcasts
