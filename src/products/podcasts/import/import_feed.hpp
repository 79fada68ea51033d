// What another host's feed says of a podcast: RSS 2.0 with Apple's tags and those of Podcasting 2.0. Whatever is in it
// was written by strangers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "products/podcasts/episode_store.hpp"

namespace odeon::podcasts {

inline constexpr std::size_t kLargestFeed = 16 << 20, kMostImported = 2000;

struct FeedEpisode {
  std::string guid;  // never empty
  std::string title;
  std::optional<std::string> description, artwork_url;
  std::optional<std::int64_t> episode_number, season_number;
  EpisodeType type = EpisodeType::full;
  std::optional<Instant> published_at;
  std::string audio_url;
  std::string fault;  // why it cannot be taken over; empty: it can
};

// Who may import it, as Podcasting 2.0 has it (podcast:locked): where it is locked, whoever can show that it is theirs.
struct FeedLock {
  bool is_locked = false;
  std::optional<std::string> owner;    // their mail address: that of the lock, else of itunes:owner
  std::vector<std::string> verifying;  // what its owner was given elsewhere to put there (podcast:txt)
};

struct FeedShow {
  std::string title;
  std::optional<std::string> description, author, category, artwork_url, website_url;
  std::optional<std::string> owner_email;
  std::optional<std::string> guid;      // of Podcasting 2.0: a UUID
  std::optional<std::string> self_url;  // where it says that it is
  std::string language = "en";
  ShowType type = ShowType::episodic;
  bool is_explicit = false;
  FeedLock lock;
  // As the feed has them, up to kMostImported; one more that cannot be taken over stands for the rest.
  std::vector<FeedEpisode> episodes;
};

// Texts within this product's limits; what breaks them is shortened or left out. Throws Error{invalid, "NO_FEED"} for
// what is no feed of a podcast.
FeedShow read_podcast_feed(std::string_view xml);

// What the world knows it by: its `podcast:guid`, else that of its address (empty: where it says that it is), as
// Podcasting 2.0 derives one.
std::string guid_of(const FeedShow& feed, std::string_view feed_url);

}  // namespace odeon::podcasts
