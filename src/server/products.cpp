#include "server/products.hpp"

#include "engine/notify/addresses.hpp"
#include "server/rooms.hpp"
#include "server/secrets.hpp"

namespace odeon::server {
namespace {

// Passwords as the spec of stories wants them.
identity::DoorPolicy stories_door(const Settings& settings) {
  return {.product = std::string(stories::kProduct),
          .min_password = 8,
          .mixed_password = true,
          .require_verified = settings.stories_require_verification};
}

// A node that runs no jobs would hear sounds in vain: whoever works on them is elsewhere.
std::int64_t early_bytes(const Settings& settings) {
  return settings.role == Role::api ? 0 : settings.podcasts_early_bytes;
}

template <class Product>
std::unique_ptr<http::Api> api_of(std::string_view name, std::string title, std::unique_ptr<http::Format> format,
                                  Product& product) {
  auto api = std::make_unique<http::Api>(std::string(name), std::move(title), std::move(format));
  product.people.mount(*api);
  product.payment.mount(*api);
  return api;
}

}  // namespace

Stories::Stories(House::Rooms& rooms)
    : ways_in(rooms, stories_door(rooms.settings), stories::kWebhookEvents),
      people({*rooms.database, ways_in.door, rooms.people.accounts, rooms.people.sessions, rooms.subscriptions,
              rooms.allowances, rooms.clock}),
      payment(ways_in.shop, rooms.subscriptions, rooms.allowances, rooms.ledger, rooms.clock),
      pace(*rooms.coordination),
      media(*rooms.storage, rooms.signer, rooms.clock),
      telling(rooms.webhooks, media, rooms.settings.link_base() + "/stories"),
      authoring(rooms.gateway, rooms.heavy, rooms.log),
      painter({rooms.gateway, rooms.heavy, rooms.log, rooms.clock}),
      heroes({*rooms.database, rooms.queue, media, rooms.log, rooms.clock}),
      avatars({*rooms.database, *rooms.storage, rooms.queue, rooms.subscriptions, rooms.ledger, pace, heroes, authoring,
               painter, rooms.heavy, rooms.log, rooms.clock}),
      events({*rooms.database, rooms.queue, rooms.subscriptions, pace, media, rooms.log, rooms.clock}),
      event_jobs({*rooms.database, *rooms.storage, rooms.gateway, painter, rooms.ledger, rooms.log, rooms.clock}),
      narrations({*rooms.database, rooms.queue, rooms.subscriptions, pace, media, rooms.clock}),
      narrating({*rooms.database, *rooms.storage, rooms.queue, rooms.gateway, rooms.ledger, telling, rooms.heavy,
                 rooms.clock}),
      drawings({*rooms.database, rooms.queue, rooms.subscriptions, pace, media, rooms.clock}),
      illustrating(
          {*rooms.database, *rooms.storage, rooms.ledger, telling, authoring, painter, rooms.log, rooms.clock}),
      tales({*rooms.database, rooms.queue, rooms.subscriptions, rooms.allowances, pace, media, narrations, rooms.log,
             rooms.clock}),
      writing({*rooms.database, rooms.allowances, rooms.ledger, narrations, drawings, telling, authoring, rooms.clock}),
      reading_along(*rooms.database, media),
      books(*rooms.database, *rooms.storage, rooms.heavy),
      private_feed(*rooms.database, media, shared_secret(*rooms.database, rooms.ring, "feeds of stories", rooms.clock),
                   rooms.clock),
      files({*rooms.database, *rooms.storage, rooms.queue, media, rooms.heavy, rooms.clock}),
      imports({*rooms.database, *rooms.storage, rooms.queue, rooms.clock}),
      import_work({*rooms.database, *rooms.storage, rooms.queue, rooms.heavy, rooms.log, rooms.clock}),
      offerings(rooms.gateway),
      leftovers(*rooms.database, *rooms.storage, rooms.clock),
      leaving({*rooms.database, ways_in.privacy, people, heroes, events, tales, payment, rooms.clock}),
      job_endpoints(rooms.queue) {}

std::unique_ptr<http::Api> Stories::api() {
  auto api = api_of(stories::kProduct, "Stories", std::make_unique<http::FlatFormat>(), *this);
  ways_in.mount(*api, privacy::Leaving::own);
  leaving.mount(*api);
  offerings.mount(*api);
  heroes.mount(*api);
  avatars.mount(*api);
  events.mount(*api);
  tales.mount(*api);
  narrations.mount(*api);
  drawings.mount(*api);
  reading_along.mount(*api);
  books.mount(*api);
  private_feed.mount(*api);
  files.mount(*api);
  imports.mount(*api);
  media.mount(*api);
  job_endpoints.mount(*api);
  return api;
}

void Stories::install(jobs::Worker& worker) {
  writing.install(worker);
  narrating.install(worker);
  illustrating.install(worker);
  avatars.install(worker);
  event_jobs.install(worker);
  import_work.install(worker);
  leftovers.install(worker);
}

Chat::Chat(House::Rooms& rooms)
    : ways_in(rooms, {.product = std::string(chat::kProduct)}, chat::kWebhookEvents),
      people({*rooms.database, ways_in.door, rooms.people.id_tokens, rooms.subscriptions, rooms.privacy->consents,
              rooms.privacy->audit}),
      payment(ways_in.shop, rooms.subscriptions, rooms.allowances, rooms.till.currencies, rooms.ledger, rooms.clock),
      conversations(*rooms.database, rooms.allowances),
      choice(rooms.gateway, rooms.routing),
      asking(*rooms.database, rooms.subscriptions, rooms.allowances, rooms.clock),
      attachments({*rooms.database, *rooms.storage, rooms.signer, asking, rooms.clock}),
      creations({*rooms.database, *rooms.storage, rooms.signer, rooms.queue, rooms.gateway, asking, rooms.clock}),
      creation_jobs({*rooms.database, *rooms.storage, rooms.gateway, attachments, rooms.clock}),
      job_endpoints(rooms.queue),
      memory_index(*rooms.database, rooms.gateway, rooms.subscriptions, rooms.queue, rooms.clock),
      recall(*rooms.database, memory_index),
      remembering({*rooms.database, asking, rooms.gateway, choice, memory_index, rooms.queue, rooms.clock,
                   rooms.settings.chat_learns_later ? chat::LearningPace::later : chat::LearningPace::at_once}),
      learning_later({*rooms.database, rooms.gateway, remembering, rooms.queue, rooms.clock}),
      memories(*rooms.database, rooms.subscriptions, memory_index, rooms.clock),
      replies(*rooms.database, asking, attachments, remembering, rooms.gateway, choice, rooms.clock),
      answers(asking, attachments, recall, replies, choice),
      completions(rooms.gateway, *rooms.database, rooms.subscriptions, rooms.clock),
      openai_media({rooms.gateway, *rooms.database, rooms.subscriptions, *rooms.storage, rooms.heavy, rooms.clock}),
      comparing(rooms.gateway, asking, choice),
      multi_model(asking, attachments, recall, replies, comparing, choice),
      shares(*rooms.database, rooms.clock),
      retention(*rooms.database, *rooms.storage, rooms.allowances, rooms.clock) {
  ways_in.oauth.on_admitted([this](identity::Account account) { return people.begin(std::move(account)); });
}

std::unique_ptr<http::Api> Chat::api() {
  auto api = api_of(chat::kProduct, "Chat", std::make_unique<http::FlatFormat>(), *this);
  ways_in.mount(*api);
  answers.mount(*api);
  attachments.mount(*api);
  creations.mount(*api);
  job_endpoints.mount(*api);
  completions.mount(*api);
  openai_media.mount(*api);
  multi_model.mount(*api);
  memories.mount(*api);
  conversations.mount(*api);
  shares.mount(*api);
  retention.mount(*api);
  return api;
}

Podcasts::Podcasts(House::Rooms& rooms)
    : ways_in(rooms, {.product = std::string(podcasts::kProduct)}, podcasts::kWebhookEvents),
      people(ways_in.door, rooms.subscriptions, rooms.allowances),
      payment(ways_in.shop, rooms.subscriptions, rooms.allowances),
      audio(*rooms.database, rooms.allowances, rooms.clock),
      artwork({*rooms.database, *rooms.storage, rooms.allowances, rooms.heavy, rooms.clock}),
      artwork_api({*rooms.database, *rooms.storage, rooms.queue, artwork, rooms.clock}),
      listening(rooms.settings.data + "/scratch", early_bytes(rooms.settings), rooms.clock),
      intakes({*rooms.database, *rooms.storage, rooms.queue, rooms.allowances, audio, listening, rooms.clock}),
      shows({*rooms.database, rooms.queue, rooms.allowances, audio, artwork, intakes, rooms.clock}),
      episodes({*rooms.database, rooms.signer, rooms.queue, audio, artwork, intakes, rooms.clock}),
      recording({*rooms.database, *rooms.storage, rooms.queue, intakes, rooms.clock}),
      uploads({*rooms.database, *rooms.storage, rooms.queue, rooms.allowances, audio, intakes, listening, episodes,
               rooms.clock}),
      sound_work(rooms.heavy, rooms.settings.data + "/scratch", listening),
      announcements({rooms.webhooks, rooms.mail, rooms.people.accounts, rooms.signer, rooms.clock,
                     rooms.settings.link_base() + "/podcasts"}),
      processing({*rooms.database, *rooms.storage, rooms.queue, rooms.subscriptions, audio, artwork, sound_work,
                  announcements, rooms.clock}),
      processing_api({*rooms.database, rooms.queue, processing, rooms.clock}),
      tagged_sound(*rooms.database, *rooms.storage, audio, artwork, sound_work),
      retagging(*rooms.database, rooms.queue, tagged_sound, rooms.clock),
      heard_pieces(*rooms.database, *rooms.storage, rooms.gateway, rooms.heavy),
      notes_work({*rooms.database, rooms.queue, rooms.subscriptions, rooms.gateway, tagged_sound, announcements,
                  rooms.heavy, rooms.clock}),
      transcripts({*rooms.database, rooms.queue, rooms.subscriptions, rooms.allowances, heard_pieces, notes_work,
                   announcements, rooms.heavy, rooms.clock}),
      notes_api({*rooms.database, rooms.subscriptions, notes_work, rooms.clock}),
      published_texts(*rooms.database, rooms.files),
      other_hosts({.may_connect = notify::is_public_address}),
      import_intake(shows, rooms.people.accounts, rooms.clock),
      fetch_places(static_cast<std::size_t>(rooms.settings.jobs_at_once.light / 2)),
      import_work({*rooms.database, *rooms.storage, rooms.queue, rooms.allowances, other_hosts, fetch_places, audio,
                   import_intake, sound_work, rooms.files, rooms.clock}),
      imports(
          {*rooms.database, *rooms.storage, rooms.queue, rooms.allowances, import_intake, rooms.files, rooms.clock}),
      publishing({*rooms.database, rooms.queue, episodes, rooms.clock}),
      feed({*rooms.database, *rooms.storage, rooms.signer, rooms.files}),
      job_endpoints(rooms.queue),
      leftovers(*rooms.database, *rooms.storage, rooms.clock) {
  audio.on_arrival([this](podcasts::Transaction& transaction, podcasts::Arrived arrived) {
    return processing.begin(transaction, std::move(arrived));
  });
  intakes.on_lost([this](podcasts::Transaction& transaction, podcasts::Lost lost) {
    return announcements.failed(transaction, std::move(lost.episode_id), std::move(lost.error), std::move(lost.job_id));
  });
  processing.on_processed([this](podcasts::Transaction& transaction, podcasts::ProcessedEpisode episode) {
    return transcripts.processed(transaction, std::move(episode));
  });
}

std::unique_ptr<http::Api> Podcasts::api() {
  auto api = api_of(podcasts::kProduct, "Podcasts", std::make_unique<http::FlatFormat>(), *this);
  ways_in.mount(*api);
  shows.mount(*api);
  episodes.mount(*api);
  artwork_api.mount(*api);
  recording.mount(*api);
  uploads.mount(*api);
  processing_api.mount(*api);
  transcripts.mount(*api);
  notes_api.mount(*api);
  published_texts.mount(*api);
  imports.mount(*api);
  publishing.mount(*api);
  feed.mount(*api);
  job_endpoints.mount(*api);
  return api;
}

Studio::Studio(House::Rooms& rooms)
    : ways_in(rooms, {.product = std::string(studio::kProduct)}, studio::kWebhookEvents, studio::kOAuthCallbacks),
      people(ways_in.door, rooms.people.cookies, rooms.subscriptions, rooms.allowances, rooms.clock),
      payment({*rooms.database, ways_in.shop, rooms.subscriptions, rooms.allowances, rooms.overages,
               rooms.privacy->audit, rooms.clock}) {}

std::unique_ptr<http::Api> Studio::api() {
  auto api = api_of(studio::kProduct, "Studio", std::make_unique<studio::Format>(), *this);
  studio::mount(*api, ways_in.mails, ways_in.oauth);
  ways_in.keys.mount(*api, studio::kKeyRoutes);
  ways_in.webhooks.mount(*api, studio::kWebhookRoutes);
  ways_in.privacy.mount(*api);
  return api;
}

}  // namespace odeon::server
