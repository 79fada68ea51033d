// Private podcast feeds: for any podcast app, which has no credentials, at an address that is a secret.
//
// An address can be shown again, since its token is derived from a secret of the server and a salt that a new address
// changes; only the token's hash is stored, for looking it up. What a feed names is signed anew each day (UTC) and
// plays for at least seven days, so within a day the feed is the same to the byte, and a reader that has it is answered
// 304.
#pragma once

#include "engine/database/database.hpp"
#include "engine/media/feeds/feed_file.hpp"

namespace odeon::feeds {

struct FeedAddress {
  std::string url;
};
BOOST_DESCRIBE_STRUCT(FeedAddress, (), (url))

// From the day's start (UTC): seven at least.
inline constexpr std::chrono::days kPlayable{8};

// Of one product. Thread-safe; what it is given outlives it.
class PrivateFeeds {
 public:
  // `secret` is at least 32 bytes, the same on all nodes.
  PrivateFeeds(database::Database& database, std::string product, std::string secret, const Clock& clock);

  // The token of theirs; made when it is first asked for.
  Task<std::string> token_of(std::string user_id);
  // A new one; the old one is nothing from now on.
  Task<std::string> replace(std::string user_id);
  // Whose feed it is: its name is the token. Throws Error{not_found, "FEED_NOT_FOUND"} for what is nobody's.
  Task<std::string> owner_of(FeedRequest request);

 private:
  std::string token_from(std::string_view user_id, std::string_view salt) const;

  database::Database& database_;
  const std::string product_, secret_;
  const Clock& clock_;
};

// For those only whom it concerns.
http::WithHeaders<FeedAddress> address_shown(std::string url);
http::File private_file(const Channel& channel);

}  // namespace odeon::feeds
