#include "products/stories/personal_data.hpp"

#include "products/stories/store.hpp"

namespace odeon::stories {

Task<void> StoriesData::tell(std::string user_id, std::string product, PersonalArchive& archive) {
  if (!product.empty() && product != kProduct) co_return;
  if (const auto preferences = co_await store::preferences(database_, user_id))
    co_await archive.document("stories/preferences.json", json::write(*preferences));
}

Task<Forgotten> StoriesData::forget(std::string user_id, std::string product) {
  if (!product.empty() && product != kProduct) co_return Forgotten{};
  co_return Forgotten{.rows = co_await store::forget(database_, std::move(user_id))};
}

}  // namespace odeon::stories
