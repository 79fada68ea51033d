#include "products/stories/telling.hpp"

namespace odeon::stories {
namespace {

template <class Event>
notify::WebhookEvent event_of(const TaleRow& tale, std::string_view type, const Event& event, std::string key) {
  return {.owner = tale.user_id,
          .product = std::string(kProduct),
          .type = std::string(type),
          .data = json::parse(json::write(event)),
          .key = fmt::format("stories.{}:{}", type, key)};
}

}  // namespace

std::string Telling::url_of(const TaleRow& tale) const {
  return fmt::format("{}/api/stories/{}", base_url_, tale.id);
}

Task<void> Telling::story_ready(Transaction& transaction, TaleRow tale) {
  const StoryTold told{tale.id, tale.title, url_of(tale)};
  co_await webhooks_.send(transaction, event_of(tale, kStoryReady, told, tale.id));
}

Task<void> Telling::audio_ready(Transaction& transaction, TaleRow tale, NarratedTale audio) {
  const AudioTold told{tale.id, tale.title, audio.seconds, media_.url(base_url_, audio.storage_key), url_of(tale)};
  co_await webhooks_.send(transaction, event_of(tale, kAudioReady, told, audio.storage_key));
}

Task<void> Telling::illustrations_ready(Transaction& transaction, TaleRow tale, std::int64_t completed,
                                        std::int64_t total) {
  const PicturesTold told{tale.id, tale.title, completed, total, url_of(tale)};
  co_await webhooks_.send(transaction,
                          event_of(tale, kIllustrationsReady, told, tale.illustrations_job_id.value_or(tale.id)));
}

}  // namespace odeon::stories
