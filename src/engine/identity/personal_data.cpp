#include "engine/identity/personal_data.hpp"

#include "base/json.hpp"
#include "engine/identity/store.hpp"

namespace odeon::identity {

Task<void> IdentityData::tell(std::string user_id, std::string product, PersonalArchive& archive) {
  if (const auto account = co_await store::account(database_, user_id))
    co_await archive.document("identity/account.json", json::write(*account));
  co_await archive.document("identity/ways_in.json", json::write(co_await store::links_of(database_, user_id)));
  co_await archive.document("identity/sessions.json",
                            json::write(co_await store::sessions_of(database_, user_id, product)));
  co_await archive.document("identity/api_keys.json",
                            json::write(co_await store::all_api_keys(database_, user_id, product)));
}

Task<Forgotten> IdentityData::forget(std::string user_id, std::string product) {
  auto transaction = co_await database_.begin(database::Isolation::statement);
  Forgotten gone{.rows = co_await store::forget_sessions(*transaction, user_id, product) +
                         co_await store::forget_api_keys(*transaction, user_id, product)};
  if (product.empty()) gone.rows += co_await store::forget_account(*transaction, user_id);
  co_await transaction->commit();
  co_return gone;
}

}  // namespace odeon::identity
