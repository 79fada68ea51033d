// What a feed says becomes a podcast and its episodes here, all but their sounds. A podcast that is here already gets
// what it does not have, and keeps what its owner made of the rest.
#pragma once

#include "engine/identity/accounts.hpp"
#include "products/podcasts/import/import_feed.hpp"
#include "products/podcasts/import/import_store.hpp"
#include "products/podcasts/shows.hpp"

namespace odeon::podcasts {

class ImportIntake {
 public:
  // What is given outlives it.
  ImportIntake(Shows& shows, identity::Accounts& accounts, const Clock& clock)
      : shows_(shows), accounts_(accounts), clock_(clock) {}

  // Before anything is taken in. Throws Error{forbidden} FEED_LOCKED for what is another's to import: neither is its
  // owner's mail address theirs and proven, nor does it say verifying_text.
  Task<void> check_lock(std::string user_id, FeedLock lock);
  // Episodes are published from their dates on, so each is in the feed as soon as it can be heard. Without effect if
  // that happened before. Throws what Shows::begin does.
  Task<void> take_in(Transaction& tx, ImportRow row, FeedShow feed);

 private:
  Task<std::string> begin_show(Transaction& tx, ImportRow row, FeedShow feed, std::string guid);
  Task<void> add_episode(Transaction& tx, ImportRow row, FeedEpisode episode, ImportedRow imported);

  Shows& shows_;
  identity::Accounts& accounts_;
  const Clock& clock_;
};

// What they put into a locked feed to show that it is theirs: <podcast:txt purpose="verify">. It is no secret: whoever
// finds it there can do nothing with it, since it lets nobody in but this person.
std::string verifying_text(std::string_view user_id);

// The podcast of theirs that this feed, or what is known as `guid`, came to earlier.
Task<std::optional<std::string>> imported_before(Executor& executor, std::string user_id, std::string feed_url,
                                                 std::string guid);

}  // namespace odeon::podcasts
