// Who waits for an episode is told when it is done, or has failed: their programs always, they themselves by mail where
// they are not likely to have waited.
#pragma once

#include "engine/identity/accounts.hpp"
#include "engine/notify/mail.hpp"
#include "engine/notify/webhooks.hpp"
#include "engine/storage/files.hpp"
#include "products/podcasts/sound/processing_store.hpp"

namespace odeon::podcasts {

// Work that took less is watched to its end.
inline constexpr std::chrono::minutes kWatched{1};
// How long a sound that is not published plays at the address that they are told.
inline constexpr std::chrono::days kToldAddressLifetime{7};

struct EpisodeProcessed {
  std::string id;
  std::string podcast_id;
  std::string title;
  double duration = 0;    // seconds
  std::string audio_url;  // plays without headers; until the world may hear it, for a while
  std::string url;        // the episode, which has the rest
};
BOOST_DESCRIBE_STRUCT(EpisodeProcessed, (), (id, podcast_id, title, duration, audio_url, url))

struct EpisodeFailed {
  std::string id;
  std::string podcast_id;
  std::string title;
  std::string error;  // a sentence
  std::string url;
};
BOOST_DESCRIBE_STRUCT(EpisodeFailed, (), (id, podcast_id, title, error, url))

// Thread-safe; what it is given outlives it.
class Announcements {
 public:
  struct Rooms {
    notify::Webhooks& webhooks;
    notify::Mail& mail;
    identity::Accounts& accounts;
    const storage::FileSigner& signer;
    const Clock& clock;
    std::string base_url;  // where people reach the product
  };
  explicit Announcements(Rooms rooms) : rooms_(std::move(rooms)) {}

  // In the transaction that ends the work. Each tells once of a processing, however often it is called; nothing of an
  // episode that is gone. `job_id`: what failed is that job, which came before the processing.
  Task<void> done(Transaction& tx, std::string episode_id);
  Task<void> failed(Transaction& tx, std::string episode_id, std::string error, std::string job_id = "");

 private:
  struct Letter {
    std::string title, message, link, link_text;
  };
  Task<void> tell(Transaction& tx, EpisodeRow episode, std::string_view event, json::value data, std::string key);
  Task<void> write(Transaction& tx, std::string user_id, Letter letter, std::string key);
  std::string listen_at(const EpisodeRow& episode, ShowStatus show) const;
  std::string page_of(const EpisodeRow& episode) const;

  Rooms rooms_;
};

}  // namespace odeon::podcasts
