#include "engine/media/feeds/private_feeds.hpp"

#include "base/crypto.hpp"
#include "engine/media/feeds/private_feed_store.hpp"

namespace odeon::feeds {
namespace {

constexpr std::size_t kSaltBytes = 16, kTokenCharacters = 43;  // 256 bits in base64url

std::string new_salt() {
  return crypto::to_hex(crypto::random_bytes(kSaltBytes));
}

}  // namespace

PrivateFeeds::PrivateFeeds(database::Database& database, std::string product, std::string secret, const Clock& clock)
    : database_(database), product_(std::move(product)), secret_(std::move(secret)), clock_(clock) {
  if (secret_.size() < 32) throw std::invalid_argument("private feeds need a secret of at least 32 bytes");
}

std::string PrivateFeeds::token_from(std::string_view user_id, std::string_view salt) const {
  return crypto::to_base64url(
      crypto::hmac_sha256(secret_, fmt::format("odeon {} feed 1\n{}\n{}", product_, salt, user_id)));
}

Task<std::string> PrivateFeeds::token_of(std::string user_id) {
  const std::string salt = new_salt();
  const auto kept = co_await store::keep(database_, {.product = product_,
                                                     .user_id = user_id,
                                                     .salt = salt,
                                                     .token_hash = crypto::sha256_hex(token_from(user_id, salt)),
                                                     .made_at = clock_.now()});
  co_return token_from(user_id, kept);
}

Task<std::string> PrivateFeeds::replace(std::string user_id) {
  const std::string salt = new_salt(), token = token_from(user_id, salt);
  co_await store::replace(database_, {.product = product_,
                                      .user_id = std::move(user_id),
                                      .salt = salt,
                                      .token_hash = crypto::sha256_hex(token),
                                      .made_at = clock_.now()});
  co_return token;
}

Task<std::string> PrivateFeeds::owner_of(FeedRequest request) {
  const auto token = name_of(request);
  if (token.size() != kTokenCharacters) throw no_such_feed();
  auto owner = co_await store::owner(database_, product_, crypto::sha256_hex(token));
  if (!owner) throw no_such_feed();
  co_return std::move(*owner);
}

http::WithHeaders<FeedAddress> address_shown(std::string url) {
  http::WithHeaders<FeedAddress> reply{.value = {std::move(url)}};
  reply.headers.add("Cache-Control", "no-store");
  return reply;
}

http::File private_file(const Channel& channel) {
  return {.object = document_of(channel), .cache_control = "private, max-age=300", .download_name = ""};
}

}  // namespace odeon::feeds
