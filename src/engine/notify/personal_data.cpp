#include "engine/notify/personal_data.hpp"

#include "base/json.hpp"
#include "engine/notify/store_mail.hpp"
#include "engine/notify/store_webhooks.hpp"

namespace odeon::notify {
namespace {

struct DeviceKept {
  std::string product;
  std::string token;
  std::string platform;
  Instant created_at;
  Instant seen_at;
};
BOOST_DESCRIBE_STRUCT(DeviceKept, (), (product, token, platform, created_at, seen_at))

}  // namespace

Task<void> NotifyData::tell(std::string user_id, std::string product, PersonalArchive& archive) {
  const auto devices = co_await database_.query<DeviceKept>(
      "SELECT product, token, platform, created_at, seen_at FROM notify_push_tokens "
      "WHERE user_id = $1 AND ($2 = '' OR product = $2) ORDER BY created_at",
      user_id, product);
  co_await archive.document("notify/devices.json", json::write(devices));
}

// Tickets are known by their tokens, and go first: without the token nobody would find them.
Task<Forgotten> NotifyData::forget(std::string user_id, std::string product) {
  auto transaction = co_await database_.begin(database::Isolation::statement);
  Forgotten gone;
  gone.rows += co_await transaction->execute(
      "DELETE FROM notify_push_tickets WHERE token IN "
      "(SELECT token FROM notify_push_tokens WHERE user_id = $1 AND ($2 = '' OR product = $2))",
      user_id, product);
  gone.rows += co_await transaction->execute(
      "DELETE FROM notify_push_tokens WHERE user_id = $1 AND ($2 = '' OR product = $2)", user_id, product);
  if (product.empty()) gone.rows += co_await store::forget_mails(*transaction, user_id);
  if (product.empty()) co_await store::forget_endpoints(*transaction, user_id);
  co_await transaction->commit();
  co_return gone;
}

}  // namespace odeon::notify
