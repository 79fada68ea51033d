// What the world reads and hears: the feed at its two addresses, and the sounds that it names. A feed is written once
// for each change, and after that costs one look at its revision; a reader that has it is answered 304.
//
// Drafts and what waits for its moment are in no feed, and are heard by a signature alone. The feed of a podcast that
// is a draft itself is its owner's alone.
#pragma once

#include "engine/media/feeds/feed_cache.hpp"
#include "engine/media/feeds/feed_file.hpp"
#include "products/podcasts/episodes.hpp"

namespace odeon::podcasts {

struct AudioRequest {
  std::string id;    // of the episode
  std::string file;  // <id of the sound>.mp3
  std::optional<Text<0, 20>> expires;
  std::optional<Text<0, 100>> signature;
};
BOOST_DESCRIBE_STRUCT(AudioRequest, (), (id, file, expires, signature))

inline constexpr Endpoint<PodcastRequest, http::File> podcast_rss{
    {.method = Method::get,
     .path = "/api/podcasts/{id}/rss",
     .summary = "The podcast's feed",
     .description = "RSS 2.0 with Apple's tags and those of Podcasting 2.0; open to all once the podcast is published.",
     .auth = Auth::optional,
     .rate = kOpenToAll}};
inline constexpr Endpoint<feeds::FeedRequest, http::File> feed_file{
    {.method = Method::get,
     .path = "/feeds/{file}",
     .summary = "The podcast's feed, at its own address",
     .rate = kOpenToAll}};
inline constexpr Endpoint<AudioRequest, http::File> episode_audio{
    {.method = Method::get,
     .path = "/audio/{id}/{file}",
     .summary = "What is heard of an episode, with ranges",
     .description = "An address stands for the same bytes as long as it is one.",
     .rate = kOpenToAll}};

// Thread-safe; what it is given outlives it.
class Feed {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    const storage::FileSigner& signer;
    ThreadPool& files;  // nobody who reads a feed waits for the work on somebody's recording
  };
  explicit Feed(Rooms rooms) : rooms_(rooms) {}

  Task<http::File> rss(http::Caller caller, PodcastRequest request);
  Task<http::File> file(http::Caller caller, feeds::FeedRequest request);
  Task<http::File> audio(AudioRequest request);

  void mount(http::Api& api);

 private:
  Task<http::File> feed_of(ShowRow show, http::Caller caller);
  Task<std::shared_ptr<ReadableObject>> written(ShowRow show, std::string base_url);
  Task<bool> is_open(const EpisodeRow& episode);

  Rooms rooms_;
  feeds::FeedCache cache_;
};

}  // namespace odeon::podcasts
