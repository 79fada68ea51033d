#include "engine/notify/personal_data.hpp"

#include "base/json.hpp"
#include "engine/notify/store.hpp"
#include "engine/notify/store_mail.hpp"
#include "engine/notify/store_webhooks.hpp"

namespace odeon::notify {

Task<void> NotifyData::tell(std::string user_id, std::string product, PersonalArchive& archive) {
  const auto devices = co_await store::devices_of(database_, std::move(user_id), std::move(product));
  co_await archive.document("notify/devices.json", json::write(devices));
}

Task<Forgotten> NotifyData::forget(std::string user_id, std::string product) {
  auto transaction = co_await database_.begin(database::Isolation::statement);
  Forgotten gone;
  gone.rows += co_await store::forget_devices(*transaction, user_id, product);
  if (product.empty()) gone.rows += co_await store::forget_mails(*transaction, user_id);
  if (product.empty()) co_await store::forget_endpoints(*transaction, user_id);
  co_await transaction->commit();
  co_return gone;
}

}  // namespace odeon::notify
