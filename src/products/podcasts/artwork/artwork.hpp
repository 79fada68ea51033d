// Pictures that stand for podcasts and episodes, as their owner uploads them. One is made and put into storage first,
// and only then its subject's, in the transaction that says so; what nobody adopts is swept.
//
//   auto row = co_await artwork.make(user_id, upload.key, Squaring::refuse);
//   co_await store::set_show_artwork(*tx, user_id, id, artwork_path(row), now);   // holds the podcast
//   co_await artwork.adopt(*tx, row, id);
//   …
//   co_await artwork.let_go(*tx, id, ArtworkEnd::replaced);
//
// No file is ever written twice. What is replaced is served for a week more, since feeds that were read before name it;
// of several that were, the last. What is deleted is gone at once.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/storage/storage.hpp"
#include "products/podcasts/artwork/artwork_picture.hpp"
#include "products/podcasts/artwork/artwork_store.hpp"

namespace odeon::podcasts {

enum class ArtworkEnd { replaced, deleted };

// Thread-safe; what it is given outlives it.
class Artwork {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    billing::Allowances& allowances;
    ThreadPool& heavy;
    const Clock& clock;
  };
  explicit Artwork(Rooms rooms) : rooms_(rooms) {}

  // Of what was uploaded, which stays. Nobody's yet. Throws what artwork_of does.
  Task<ArtworkRow> make(std::string user_id, std::string uploaded_key, Squaring squaring);
  // In the place of the one before; the transaction holds the subject. Throws Error{forbidden,
  // "STORAGE_LIMIT_REACHED"}.
  Task<void> adopt(Transaction& tx, ArtworkRow row, std::string subject_id);
  // It need not wait for the sweep. Without effect if it was adopted.
  Task<void> drop(std::string id);
  // Nothing of ours stands for it any more; if nothing did, nothing happens. The transaction holds the subject.
  Task<void> let_go(Transaction& tx, std::string subject_id, ArtworkEnd end);

  // For the tag of an episode's sound: a JPEG of at most kLargestThumbnail bytes, the episode's own or the podcast's.
  // Empty where there is none of ours.
  Task<std::string> cover_of(std::string episode_id, std::string podcast_id);

 private:
  Task<void> put(ArtworkRow row, ArtworkPicture picture);

  Rooms rooms_;
};

// All files of one are below it.
std::string artwork_folder(std::string_view id);
// Of what is shown, and of a thumbnail, by its side.
std::string artwork_key(const ArtworkRow& row);
std::string thumbnail_key(std::string_view id, int side);

// How a podcast or an episode keeps it: its path below the product's address.
std::string artwork_path(const ArtworkRow& row);
// What is kept, as an address of the web.
std::string artwork_url(std::string_view base_url, std::string_view kept);
Nullable<std::string> shown_artwork(std::string_view base_url, const std::optional<std::string>& kept);
// Whether somebody sends back, below whatever address, what they were shown of ours. (Nobody guesses its id.)
bool is_same_artwork(std::string_view sent, const std::optional<std::string>& kept);

}  // namespace odeon::podcasts
