#include "engine/notify/personal_data.hpp"

#include "base/json.hpp"
#include "engine/notify/store.hpp"
#include "engine/notify/store_mail.hpp"
#include "engine/notify/store_webhooks.hpp"

namespace odeon::notify {

Task<void> NotifyData::tell(std::string user_id, std::string product, PersonalArchive& archive) {
  co_await archive.document("notify/devices.json",
                            json::write(co_await store::devices_of(database_, user_id, product)));
  co_await archive.document("notify/webhook_endpoints.json",
                            json::write(co_await store::endpoints_kept(database_, user_id, product)));
  co_await archive.document("notify/webhook_attempts.json",
                            json::write(co_await store::attempts_kept(database_, user_id, product)));
}

Task<Forgotten> NotifyData::forget(std::string user_id, std::string product) {
  auto transaction = co_await database_.begin(database::Isolation::statement);
  Forgotten gone;
  gone.rows += co_await store::forget_devices(*transaction, user_id, product);
  if (product.empty()) gone.rows += co_await store::forget_mails(*transaction, user_id);
  gone.rows += co_await store::forget_endpoints(*transaction, user_id, product);
  co_await transaction->commit();
  co_return gone;
}

}  // namespace odeon::notify
