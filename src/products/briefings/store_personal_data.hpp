// SQL of all that is kept of one listener.
#pragma once

#include "products/briefings/news/market_events.hpp"
#include "products/briefings/store.hpp"

namespace odeon::briefings {

struct ProfileTold {
  std::string voice;
  std::string time_zone;
};
BOOST_DESCRIBE_STRUCT(ProfileTold, (), (voice, time_zone))

struct ScheduleTold {
  std::int64_t minute = 0;  // of the day
  std::int64_t days = 0;    // bit 0 is Monday
  std::string time_zone;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(ScheduleTold, (), (minute, days, time_zone, created_at))

struct AlertTold {
  std::string ticker;
  std::string title;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(AlertTold, (), (ticker, title, at))

struct PlayTold {
  std::string briefing_id;
  Instant started_at;
  bool completed = false;
};
BOOST_DESCRIBE_STRUCT(PlayTold, (), (briefing_id, started_at, completed))

namespace store {

Task<std::optional<ProfileTold>> profile(database::Executor& executor, std::string user_id);
Task<std::vector<AlertTold>> alerts_told(database::Executor& executor, std::string user_id);
Task<std::vector<PlayTold>> plays_of(database::Executor& executor, std::string user_id);
// Ready or not, the oldest first.
Task<std::vector<BriefingRow>> briefings_of(database::Executor& executor, std::string user_id);
// Every row of theirs. Returns how many there were.
Task<std::int64_t> forget_listener(database::Transaction& transaction, std::string user_id);

}  // namespace store
}  // namespace odeon::briefings
