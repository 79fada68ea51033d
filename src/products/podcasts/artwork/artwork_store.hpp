// SQL of artwork, and of what of podcasts and episodes follows from it.
#pragma once

#include "products/podcasts/show_store.hpp"

namespace odeon::podcasts {

struct ArtworkRow {
  std::string id;
  std::string user_id;
  std::optional<std::string> subject_id;  // a podcast or an episode, once it has it
  std::string media_type;
  std::int64_t side = 0;   // pixels
  std::int64_t bytes = 0;  // of all its files
  std::optional<Instant> kept_until;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(ArtworkRow, (), (id, user_id, subject_id, media_type, side, bytes, kept_until, created_at))

namespace store {

Task<void> add(Executor& executor, ArtworkRow row);
// While it is kept.
Task<std::optional<ArtworkRow>> artwork(Executor& executor, std::string id, Instant now);
// What stands for it now.
Task<std::optional<ArtworkRow>> artwork_of(Executor& executor, std::string subject_id);
// Those of a person that stand for something, in the order of their ids.
Task<std::vector<ArtworkRow>> artwork_of_person(Executor& executor, std::string user_id, std::string after,
                                                std::int64_t limit);
// From now on its subject's. False if it is kept no more.
Task<bool> adopt_artwork(Transaction& tx, std::string id, std::string subject_id, Instant now);
// Nobody is to adopt it. False if somebody did.
Task<bool> give_up_artwork(Executor& executor, std::string id, Instant now);
// What stands for it is kept until then, and what did before goes now. The one that stood for it, as it is then.
Task<std::optional<ArtworkRow>> let_go_artwork(Transaction& tx, std::string subject_id, Instant kept_until,
                                               Instant now);
Task<std::vector<std::string>> artwork_past(Executor& executor, Instant now, std::int64_t limit);
Task<void> remove_artwork(Executor& executor, std::string id);
// All of a person's, those that stand for nothing included.
Task<std::vector<std::string>> artwork_ids_of(Executor& executor, std::string user_id);

// Each holds its row to the end of the transaction. False if it is gone.
Task<bool> set_show_artwork(Transaction& tx, std::string user_id, std::string id,
                            std::optional<std::string> artwork_url, Instant now);
Task<bool> set_episode_artwork(Transaction& tx, std::string user_id, std::string id,
                               std::optional<std::string> artwork_url, Instant now);

}  // namespace store
}  // namespace odeon::podcasts
