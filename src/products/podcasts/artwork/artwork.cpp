#include "products/podcasts/artwork/artwork.hpp"

#include "base/ids.hpp"
#include "base/text.hpp"
#include "engine/storage/folder.hpp"
#include "engine/storage/whole.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/podcasts.hpp"
#include "products/podcasts/sound/audio.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::chrono::hours kMaking{1};  // until what was being made is nobody's

bool is_ours(std::string_view kept) {
  return kept.starts_with('/');
}

std::string_view artwork_ending(const ArtworkRow& row) {
  return pictures::extension(row.media_type == pictures::content_type(pictures::Format::png) ? pictures::Format::png
                                                                                             : pictures::Format::jpeg);
}

Error picture_lost() {
  return Error(Fault::internal, "UPLOAD_LOST", "The picture was lost. Please send it again.");
}

std::int64_t kept_size(const ArtworkPicture& picture) {
  auto bytes = std::ssize(picture.bytes);
  for (const auto& thumbnail : picture.thumbnails) bytes += std::ssize(thumbnail);
  return bytes;
}

}  // namespace

std::string artwork_folder(std::string_view id) {
  return fmt::format("podcasts/artwork/{}/", id);
}

std::string artwork_key(const ArtworkRow& row) {
  return fmt::format("{}artwork.{}", artwork_folder(row.id), artwork_ending(row));
}

std::string thumbnail_key(std::string_view id, int side) {
  return fmt::format("{}{}.jpg", artwork_folder(id), side);
}

std::string artwork_path(const ArtworkRow& row) {
  return fmt::format("/artwork/{}.{}", row.id, artwork_ending(row));
}

std::string artwork_url(std::string_view base_url, std::string_view kept) {
  return is_ours(kept) ? fmt::format("{}{}", base_url, kept) : std::string(kept);
}

Nullable<std::string> shown_artwork(std::string_view base_url, const std::optional<std::string>& kept) {
  return kept ? Nullable<std::string>(artwork_url(base_url, *kept)) : Nullable<std::string>();
}

bool is_same_artwork(std::string_view sent, const std::optional<std::string>& kept) {
  return kept && is_ours(*kept) && text::trim(sent).ends_with(*kept);
}

Task<ArtworkRow> Artwork::make(std::string user_id, std::string uploaded_key, Squaring squaring) {
  const auto sent = co_await storage::bytes_of(rooms_.storage, std::move(uploaded_key));
  if (!sent) throw picture_lost();
  auto picture = co_await run_blocking(rooms_.heavy, [&sent, squaring] { return artwork_of(*sent, squaring); });
  ArtworkRow row{.id = new_uuid(rooms_.clock),
                 .user_id = std::move(user_id),
                 .media_type = std::string(pictures::content_type(picture.format)),
                 .side = picture.side,
                 .bytes = kept_size(picture),
                 .kept_until = rooms_.clock.now() + kMaking,
                 .created_at = rooms_.clock.now()};
  // The row comes first: whoever dies now leaves nothing that is not known of.
  co_await store::add(rooms_.database, row);
  co_await put(row, std::move(picture));
  co_return row;
}

Task<void> Artwork::put(ArtworkRow row, ArtworkPicture picture) {
  co_await storage::put(rooms_.storage, artwork_key(row), std::move(picture.bytes), {.content_type = row.media_type});
  for (std::size_t i = 0; i < kThumbnailSides.size(); ++i)
    co_await storage::put(rooms_.storage, thumbnail_key(row.id, kThumbnailSides[i]), std::move(picture.thumbnails[i]),
                          {.content_type = "image/jpeg"});
}

Task<void> Artwork::adopt(Transaction& tx, ArtworkRow row, std::string subject_id) {
  co_await let_go(tx, subject_id, ArtworkEnd::replaced);
  const auto held = co_await rooms_.allowances.reserve(tx, row.user_id, std::string(kProduct), "storage", row.bytes);
  if (!held) throw storage_is_full(held.error());
  co_await rooms_.allowances.settle(tx, *held);
  if (!co_await store::adopt_artwork(tx, row.id, std::move(subject_id), rooms_.clock.now())) throw picture_lost();
}

Task<void> Artwork::drop(std::string id) {
  if (!co_await store::give_up_artwork(rooms_.database, id, rooms_.clock.now())) co_return;
  co_await storage::remove_folder(rooms_.storage, artwork_folder(id));
  co_await store::remove_artwork(rooms_.database, std::move(id));
}

Task<void> Artwork::let_go(Transaction& tx, std::string subject_id, ArtworkEnd end) {
  const Instant now = rooms_.clock.now();
  const Instant kept_until = end == ArtworkEnd::replaced ? now + kReplacedKept : now;
  const auto gone = co_await store::let_go_artwork(tx, std::move(subject_id), kept_until, now);
  if (gone) co_await rooms_.allowances.give_back(tx, gone->user_id, std::string(kProduct), "storage", gone->bytes);
}

Task<std::string> Artwork::cover_of(std::string episode_id, std::string podcast_id) {
  auto row = co_await store::artwork_of(rooms_.database, std::move(episode_id));
  if (!row) row = co_await store::artwork_of(rooms_.database, std::move(podcast_id));
  if (!row) co_return "";
  auto bytes = co_await storage::bytes_of(rooms_.storage, thumbnail_key(row->id, kThumbnailSides.front()));
  co_return bytes ? std::move(*bytes) : "";
}

}  // namespace odeon::podcasts
