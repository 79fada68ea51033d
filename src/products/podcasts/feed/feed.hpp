// What the world reads and hears: the feed at its two addresses, and the sounds that it names. A feed is written once
// for each change, and after that costs one look at its revision; a reader that has it is answered 304.
//
// Drafts and what waits for its moment are in no feed, and are heard by a signature alone. The feed of a podcast that
// is a draft itself is its owner's alone.
#pragma once

#include "products/podcasts/episodes.hpp"
#include "products/podcasts/feed/feed_cache.hpp"

namespace odeon::podcasts {

struct FeedRequest {
  std::string file;  // <slug>.xml
};
BOOST_DESCRIBE_STRUCT(FeedRequest, (), (file))
struct AudioRequest {
  std::string id;    // of the episode
  std::string file;  // <id of the sound>.mp3
  std::optional<Text<0, 20>> expires;
  std::optional<Text<0, 100>> signature;
};
BOOST_DESCRIBE_STRUCT(AudioRequest, (), (id, file, expires, signature))

// None has a limit of its rate: behind one address there may be everybody's cache.
inline constexpr Endpoint<PodcastRequest, http::File> podcast_rss{
    {.method = Method::get,
     .path = "/api/podcasts/{id}/rss",
     .summary = "The podcast's feed",
     .description = "RSS 2.0 with Apple's tags and those of Podcasting 2.0; open to all once the podcast is published.",
     .auth = Auth::optional}};
inline constexpr Endpoint<FeedRequest, http::File> feed_file{
    {.method = Method::get, .path = "/feeds/{file}", .summary = "The podcast's feed, at its own address"}};
inline constexpr Endpoint<AudioRequest, http::File> episode_audio{
    {.method = Method::get,
     .path = "/audio/{id}/{file}",
     .summary = "What is heard of an episode, with ranges",
     .description = "An address stands for the same bytes as long as it is one."}};

// Thread-safe; what it is given outlives it.
class Feed {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    const storage::FileSigner& signer;
  };
  explicit Feed(Rooms rooms) : rooms_(rooms) {}

  Task<http::File> rss(http::Caller caller, PodcastRequest request);
  Task<http::File> file(http::Caller caller, FeedRequest request);
  Task<http::File> audio(AudioRequest request);

  void mount(http::Api& api);

 private:
  Task<http::File> feed_of(ShowRow show, http::Caller caller);
  Task<bool> is_open(const EpisodeRow& episode);

  Rooms rooms_;
  FeedCache cache_;
};

}  // namespace odeon::podcasts
