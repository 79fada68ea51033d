#include "products/stories/store.hpp"

namespace odeon::stories {

namespace embedded {
extern const std::string_view schema_sql, schema_2_sql, schema_3_sql, schema_4_sql, schema_5_sql;
}

std::vector<database::Migration> migrations() {
  return {{"stories", 1, embedded::schema_sql},
          {"stories", 2, embedded::schema_2_sql},
          {"stories", 3, embedded::schema_3_sql},
          {"stories", 4, embedded::schema_4_sql},
          {"stories", 5, embedded::schema_5_sql}};
}

namespace store {

Task<std::optional<Preferences>> preferences(database::Executor& executor, std::string user_id) {
  return executor.find<Preferences>("SELECT language, theme, updated_at FROM stories_profiles WHERE user_id = $1",
                                    user_id);
}

Task<void> prefer(database::Executor& executor, std::string user_id, Preferences preferences) {
  co_await executor.execute(
      "INSERT INTO stories_profiles (user_id, language, theme, updated_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (user_id) DO UPDATE SET language = excluded.language, theme = excluded.theme, "
      "updated_at = excluded.updated_at",
      user_id, preferences.language, preferences.theme, preferences.updated_at);
}

Task<std::int64_t> forget(database::Executor& executor, std::string user_id) {
  return executor.execute("DELETE FROM stories_profiles WHERE user_id = $1", user_id);
}

}  // namespace store
}  // namespace odeon::stories
