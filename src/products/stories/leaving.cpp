#include "products/stories/leaving.hpp"

#include "engine/http/binding.hpp"
#include "products/stories/person_store.hpp"

namespace odeon::stories {
namespace {

constexpr std::int64_t kCopiedInOneGo = 200;

// All rows that `more(after)` gives, page by page.
template <class Row, class More>
Task<std::vector<Row>> all_rows(More more) {
  std::vector<Row> all;
  for (std::string after;; after = all.back().id) {
    auto rows = co_await more(after);
    const auto count = std::ssize(rows);
    std::ranges::move(rows, std::back_inserter(all));
    if (count < kCopiedInOneGo) co_return all;
  }
}

}  // namespace

void Leaving::mount(http::Api& api) {
  http::mount(api, export_user, &Leaving::copy, *this);
  http::mount(api, export_all, &privacy::Endpoints::take_along, rooms_.privacy);
  http::mount(api, delete_account, &Leaving::leave, *this);
}

Task<WithHeaders<UserCopy>> Leaving::copy(http::Caller caller) {
  co_await rooms_.privacy.copied(caller);
  WithHeaders<UserCopy> answer;
  UserCopy& copy = answer.value;
  static_cast<Profile&>(copy) = (co_await rooms_.people.profile(caller)).user;
  for (const auto& row : co_await all_rows<HeroRow>([&](std::string after) {
         return store::heroes_of(rooms_.database, caller.user_id, std::move(after), kCopiedInOneGo);
       }))
    copy.heroes.push_back({rooms_.heroes.shown(row, caller.base_url), {}});
  co_await add_stories(copy, caller);
  for (const auto& row : co_await all_rows<EventRow>([&](std::string after) {
         return store::events_of(rooms_.database, caller.user_id, std::move(after), kCopiedInOneGo);
       }))
    copy.customEvents.push_back(rooms_.events.shown(row, caller.base_url));
  copy.usageMetrics = (co_await rooms_.payment.usage(caller, {.period = UsagePeriod::all_time})).breakdown;
  const auto at = std::chrono::floor<std::chrono::milliseconds>(rooms_.clock.now().time_since_epoch());
  answer.headers.add("Content-Disposition", fmt::format("attachment; filename=\"data-export-{}.json\"", at.count()));
  answer.headers.add("Cache-Control", "no-store");
  co_return answer;
}

Task<void> Leaving::add_stories(UserCopy& copy, http::Caller caller) {
  for (const auto& row : co_await all_rows<TaleRow>([&](std::string after) {
         return store::tales_of(rooms_.database, caller.user_id, std::move(after), kCopiedInOneGo);
       })) {
    const auto hero = std::ranges::find(copy.heroes, row.hero_id.value_or(""), &HeroCopy::id);
    auto& stories = hero == copy.heroes.end() ? copy.storiesWithoutHero : hero->stories;
    stories.push_back(rooms_.tales.shown(row, caller.base_url));
  }
}

Task<Farewell> Leaving::leave(http::Caller caller, privacy::Leave leave) {
  Farewell farewell;
  static_cast<privacy::Receipt&>(farewell) = (co_await rooms_.privacy.erase(std::move(caller), std::move(leave))).value;
  co_return farewell;
}

}  // namespace odeon::stories
