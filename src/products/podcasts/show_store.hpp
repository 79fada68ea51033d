// SQL of podcasts.
#pragma once

#include "engine/database/database.hpp"
#include "engine/database/migrations.hpp"

namespace odeon::podcasts {

using database::Executor;
using database::Transaction;

enum class ShowStatus { draft, published, archived };
BOOST_DESCRIBE_ENUM(ShowStatus, draft, published, archived)
enum class ShowType { episodic, serial };
BOOST_DESCRIBE_ENUM(ShowType, episodic, serial)

struct ShowRow {
  std::string id;
  std::string user_id;
  std::string slug;
  std::string guid;
  std::string title;
  std::optional<std::string> description, author, category;
  std::string language = "en";
  std::optional<std::string> artwork_url, website_url, owner_email;
  ShowType type = ShowType::episodic;
  bool is_explicit = false;
  bool is_locked = true;
  ShowStatus status = ShowStatus::draft;
  std::int64_t revision = 0;
  Instant changed_at, created_at, updated_at;
  bool operator==(const ShowRow&) const = default;
};
BOOST_DESCRIBE_STRUCT(ShowRow, (),
                      (id, user_id, slug, guid, title, description, author, category, language, artwork_url,
                       website_url, owner_email, type, is_explicit, is_locked, status, revision, changed_at, created_at,
                       updated_at))

// The tables of this product.
std::vector<database::Migration> migrations();

namespace store {

// False if the slug is taken: then nothing is added.
Task<bool> add(Transaction& tx, ShowRow row);
Task<std::optional<ShowRow>> show(Executor& executor, std::string user_id, std::string id);
// Whosever it is.
Task<std::optional<ShowRow>> show(Executor& executor, std::string id);
Task<std::optional<ShowRow>> show_at(Executor& executor, std::string slug);
// The newest first, from before the one with the id `before` (empty: from the newest).
Task<std::vector<ShowRow>> shows(Executor& executor, std::string user_id, std::string before, std::int64_t limit);
// All that its owner can change. False if it is gone.
Task<bool> change(Transaction& tx, ShowRow row);
// What the feed tells is another from now on.
Task<void> feed_changed(Transaction& tx, std::string id, Instant now);
// A draft is one no more; what is archived stays so.
Task<void> open_show(Transaction& tx, std::string id, Instant now);
Task<bool> remove_show(Transaction& tx, std::string user_id, std::string id);
// All that there is of a person. Returns how many rows went.
Task<std::int64_t> forget(Transaction& tx, std::string user_id);

}  // namespace store
}  // namespace odeon::podcasts
