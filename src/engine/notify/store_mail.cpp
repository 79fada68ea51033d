#include "engine/notify/store_mail.hpp"

namespace odeon::notify::store {

Task<void> add_mail(database::Transaction& transaction, std::string job_id, std::string user_id, Letter letter,
                    Instant now) {
  co_await transaction.execute("INSERT INTO notify_mails (job_id, user_id, letter, created_at) VALUES ($1, $2, $3, $4)",
                               job_id, user_id, json::write(letter), now);
}

Task<std::optional<Letter>> find_mail(database::Database& database, std::string job_id) {
  const auto letter = co_await database.find<std::string>("SELECT letter FROM notify_mails WHERE job_id = $1", job_id);
  if (!letter) co_return std::nullopt;
  co_return json::from<Letter>(*letter);
}

Task<void> remove_mail(database::Transaction& transaction, std::string job_id) {
  co_await transaction.execute("DELETE FROM notify_mails WHERE job_id = $1", job_id);
}

Task<std::int64_t> forget_mails(database::Transaction& transaction, std::string user_id) {
  return transaction.execute("DELETE FROM notify_mails WHERE user_id = $1", user_id);
}

Task<std::int64_t> tidy_mails(database::Database& database, Instant before) {
  return database.execute("DELETE FROM notify_mails WHERE created_at < $1", before);
}

}  // namespace odeon::notify::store
