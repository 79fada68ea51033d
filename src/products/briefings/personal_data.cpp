#include "products/briefings/personal_data.hpp"

#include "engine/media/feeds/private_feed_store.hpp"
#include "products/briefings/store_alerts.hpp"
#include "products/briefings/store_personal_data.hpp"
#include "products/briefings/store_schedules.hpp"

namespace odeon::briefings {
namespace {

bool is_asked(std::string_view product) {
  return product.empty() || product == kProduct;
}

}  // namespace

Task<void> BriefingsData::tell(std::string user_id, std::string product, PersonalArchive& archive) {
  if (!is_asked(product)) co_return;
  Store store(database_);
  co_await archive.document("briefings/profile.json", json::write(co_await store::profile(database_, user_id)));
  co_await archive.document("briefings/portfolio.json", json::write(co_await store.positions(user_id)));
  std::vector<ScheduleTold> schedules;
  for (auto& row : co_await ScheduleStore(database_).of(user_id))
    schedules.push_back({row.minute, row.days, row.time_zone, row.created_at});
  co_await archive.document("briefings/schedules.json", json::write(schedules));
  co_await archive.document("briefings/alerts.json", json::write(co_await store::alerts_told(database_, user_id)));
  co_await archive.document("briefings/listening.json", json::write(co_await store::plays_of(database_, user_id)));
  for (const auto& row : co_await store::briefings_of(database_, user_id)) {
    co_await archive.document("briefings/" + row.id + ".json", json::write(row));
    if (!row.audio_key.empty()) co_await archive.object("briefings/" + row.id + ".mp3", row.audio_key);
  }
}

// Objects go before the rows that know of them.
Task<Forgotten> BriefingsData::forget(std::string user_id, std::string product) {
  Forgotten gone;
  if (!is_asked(product)) co_return gone;
  for (const auto& row : co_await store::briefings_of(database_, user_id)) {
    co_await storage_.remove(personal_audio_key(row.id));
    gone.objects += row.audio_key.empty() ? 0 : 1;
  }
  auto transaction = co_await database_.begin(database::Isolation::statement);
  gone.rows = co_await store::forget_listener(*transaction, user_id);
  gone.rows += co_await feeds::store::forget(*transaction, std::string(kProduct), user_id);
  co_await transaction->commit();
  co_return gone;
}

}  // namespace odeon::briefings
