// SQL of mails that are not out yet.
#pragma once

#include <optional>
#include <string>

#include "engine/database/database.hpp"
#include "engine/notify/letter.hpp"

namespace odeon::notify::store {

Task<void> add_mail(database::Transaction& transaction, std::string job_id, std::string user_id, Letter letter,
                    Instant now);
Task<std::optional<Letter>> find_mail(database::Database& database, std::string job_id);
Task<void> remove_mail(database::Transaction& transaction, std::string job_id);
Task<std::int64_t> forget_mails(database::Transaction& transaction, std::string user_id);
// Those of before `before`; returns how many.
Task<std::int64_t> tidy_mails(database::Database& database, Instant before);

}  // namespace odeon::notify::store
