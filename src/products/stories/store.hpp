// All SQL of stories.
#pragma once

#include "engine/database/database.hpp"
#include "products/stories/stories.hpp"

namespace odeon::stories::store {

struct Preferences {
  Language language = Language::en;
  Theme theme = Theme::system;
  Instant updated_at;
};
BOOST_DESCRIBE_STRUCT(Preferences, (), (language, theme, updated_at))

Task<std::optional<Preferences>> preferences(database::Executor& executor, std::string user_id);
Task<void> prefer(database::Executor& executor, std::string user_id, Preferences preferences);
Task<std::int64_t> forget(database::Executor& executor, std::string user_id);

}  // namespace odeon::stories::store
