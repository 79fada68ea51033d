// What a feed says becomes a podcast and its episodes here, all but their sounds. A podcast that is here already gets
// what it does not have, and keeps what its owner made of the rest.
#pragma once

#include "products/podcasts/import/import_feed.hpp"
#include "products/podcasts/import/import_store.hpp"
#include "products/podcasts/shows.hpp"

namespace odeon::podcasts {

class ImportIntake {
 public:
  // What is given outlives it.
  ImportIntake(Shows& shows, const Clock& clock) : shows_(shows), clock_(clock) {}

  // Episodes are published from their dates on, so each is in the feed as soon as it can be heard. Without effect if
  // that happened before. Throws Error{forbidden} FEED_LOCKED and what Shows::begin does.
  Task<void> take_in(Transaction& tx, ImportRow row, FeedShow feed);

 private:
  Task<std::string> begin_show(Transaction& tx, ImportRow row, FeedShow feed, std::string guid);
  Task<void> add_episode(Transaction& tx, ImportRow row, FeedEpisode episode, ImportedRow imported);

  Shows& shows_;
  const Clock& clock_;
};

// The podcast of theirs that this feed, or what is known as `guid`, came to earlier.
Task<std::optional<std::string>> imported_before(Executor& executor, std::string user_id, std::string feed_url,
                                                 std::string guid);

}  // namespace odeon::podcasts
