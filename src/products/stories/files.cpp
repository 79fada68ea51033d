#include "products/stories/files.hpp"

#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "engine/storage/whole.hpp"
#include "products/stories/bringing.hpp"
#include "products/stories/custom_events.hpp"
#include "products/stories/faults.hpp"
#include "products/stories/file_kinds.hpp"
#include "products/stories/leftovers.hpp"
#include "products/stories/narrations.hpp"
#include "products/stories/portrait_colours.hpp"

namespace odeon::stories {
namespace {

constexpr std::chrono::hours kGrantedFor{1}, kConfirmableFor{3};
constexpr std::int64_t kMostUnconfirmed = 50;  // of one person
constexpr std::string_view kUploads = "uploads";

std::string_view folder_of(FileCategory category) {
  switch (category) {
    case FileCategory::avatar:
      return "avatars";
    case FileCategory::illustration:
      return "illustrations";
    case FileCategory::audio:
      return "audio";
    case FileCategory::pictogram:
      return "pictograms";
  }
  return kUploads;
}

// "https://example.com" of "https://example.com/stories".
std::string_view origin_of(std::string_view base_url) {
  const auto host = base_url.find("://");
  return host == std::string_view::npos ? base_url : base_url.substr(0, base_url.find('/', host + 3));
}

const FileKind& kind_of(const NewUpload& request) {
  const bool wants_sound = request.category == FileCategory::audio;
  const auto* kind = find_file_kind(request.mimeType);
  json::Faults faults;
  if (kind == nullptr || kind->is_sound != wants_sound)
    faults.add("mimeType", "not_allowed",
               wants_sound ? "This must be one of: audio/mpeg, audio/mp4, audio/wav, audio/ogg, audio/webm."
                           : "This must be one of: image/png, image/jpeg, image/webp.");
  if (!wants_sound && request.fileSize > kLargestImage)
    faults.add("fileSize", "too_large", fmt::format("This must be at most {}.", kLargestImage));
  faults.raise();
  return *kind;
}

}  // namespace

void Files::mount(http::Api& api) {
  http::mount(api, upload_file, &Files::grant, *this);
  http::mount(api, stories::confirm_file, &Files::confirm, *this);
}

Task<UploadGranted> Files::grant(http::Caller caller, NewUpload request) {
  const FileKind& kind = kind_of(request);
  FileRow row{.id = new_id("file", rooms_.clock),
              .user_id = caller.user_id,
              .file_name = with_words("fileName", request.fileName),
              .file_size = request.fileSize,
              .mime_type = std::string(kind.media_type),
              .upload_key = new_media_key(kUploads, kind.extension),
              .storage_key = new_media_key(folder_of(request.category), kind.is_sound ? kind.extension : "png"),
              .category = request.category,
              .expires_at = rooms_.clock.now() + kConfirmableFor,
              .created_at = rooms_.clock.now()};
  if (co_await store::unconfirmed_files(rooms_.database, caller.user_id) >= kMostUnconfirmed)
    throw Error(Fault::conflict, "TOO_MANY_UPLOADS", "Confirm what was uploaded before there is more.");
  auto grant =
      rooms_.storage.sign_upload(row.upload_key, static_cast<std::uint64_t>(row.file_size), row.mime_type, kGrantedFor);
  if (grant.url.starts_with('/')) grant.url.insert(0, origin_of(caller.base_url));
  co_await store::add(rooms_.database, row);
  co_return UploadGranted{.id = row.id,
                          .method = std::move(grant.method),
                          .uploadUrl = std::move(grant.url),
                          .headers = {grant.headers.begin(), grant.headers.end()},
                          .storageKey = row.storage_key,
                          .publicUrl = rooms_.media.url(caller.base_url, row.storage_key),
                          .expiresAt = grant.expires_at};
}

// Whose it is to become must be theirs, and fit.
Task<void> Files::check_entity(const FileRow& row, const ConfirmUpload& request) {
  if (request.timestamp && !(*request.timestamp >= 0 && *request.timestamp <= kLongestStory))
    throw fault_at("timestamp", "not_allowed", "This must be seconds into the story.");
  if (!request.entityId) co_return;
  const std::string entity_id = *request.entityId;
  if (row.category == FileCategory::avatar)
    co_await own_hero(rooms_.database, row.user_id, entity_id);
  else if (row.category == FileCategory::pictogram)
    co_await own_event(rooms_.database, row.user_id, entity_id);
  else
    co_await own_written_tale(rooms_.database, row.user_id, entity_id);
}

Task<std::string> Files::uploaded(const FileRow& row) {
  auto bytes = co_await storage::bytes_of(rooms_.storage, row.upload_key, kLargestSound);
  if (!bytes) throw Error(Fault::conflict, "NOT_UPLOADED", "Nothing was uploaded to that address yet.");
  if (std::ssize(*bytes) != row.file_size)
    throw Error(Fault::invalid, "CONTENT_MISMATCH", "What was uploaded has another size than was said.");
  co_return std::move(*bytes);
}

Task<Files::Kept> Files::store_content(FileRow& row) {
  auto bytes = co_await uploaded(row);
  const Keeping where{rooms_.database, rooms_.storage, rooms_.clock};
  if (row.category == FileCategory::audio && row.entity_id) {
    auto sound = co_await run_blocking(rooms_.pool, [bytes = std::move(bytes), &row]() mutable {
      return story_sound(std::move(bytes), row.mime_type, row.file_name);
    });
    row.file_size = std::ssize(sound.mp3);
    row.mime_type = "audio/mpeg";
    row.storage_key = new_media_key(folder_of(row.category), "mp3");
    co_await store_for(where, row.user_id, row.storage_key, std::move(sound.mp3), row.mime_type);
    co_return Kept{.seconds = sound.seconds, .colours = {}};
  }
  const bool is_portrait = row.category == FileCategory::avatar && row.entity_id;
  Kept kept;
  std::tie(bytes, kept.colours) =
      co_await run_blocking(rooms_.pool, [bytes = std::move(bytes), type = row.mime_type, is_portrait]() mutable {
        auto content = kept_content(std::move(bytes), type);
        auto colours = is_portrait ? colours_of_portrait(content) : std::vector<std::string>();
        return std::pair(std::move(content), std::move(colours));
      });
  row.file_size = std::ssize(bytes);
  if (row.category != FileCategory::audio) row.mime_type = "image/png";
  co_await storage::put(rooms_.storage, row.storage_key, std::move(bytes), {.content_type = row.mime_type});
  co_return kept;
}

Task<FileReply> Files::confirm(http::Caller caller, ConfirmUpload request) {
  auto row = co_await store::file(rooms_.database, caller.user_id, request.id);
  if (!row) throw no_such_file();
  if (!row->confirmed_at) {
    co_await check_entity(*row, request);
    row->entity_id = request.entityId;
    auto kept = co_await store_content(*row);
    co_await keep(caller, *row, request.timestamp, std::move(kept));
  }
  co_return FileReply{{.id = row->id,
                       .fileName = row->file_name,
                       .fileSize = row->file_size,
                       .mimeType = row->mime_type,
                       .storageKey = row->storage_key,
                       .url = rooms_.media.url(caller.base_url, row->storage_key),
                       .category = row->category,
                       .entityId = or_null(row->entity_id),
                       .createdAt = row->created_at}};
}

Task<void> Files::keep(http::Caller caller, FileRow row, std::optional<double> timestamp, Kept kept) {
  const Instant now = rooms_.clock.now();
  std::optional<std::string> reading;  // that nobody awaits any more
  if (row.category == FileCategory::audio && row.entity_id)
    reading = (co_await own_tale(rooms_.database, row.user_id, *row.entity_id)).audio_job_id;
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  if (!co_await store::confirm_file(*tx, row, now)) throw no_such_file();
  co_await store::keep_object(*tx, row.storage_key);
  if (row.entity_id) co_await attach(*tx, row, timestamp, std::move(kept));
  // Its address takes the same once more for a while: what comes then goes then.
  co_await store::expect_object(*tx, row.user_id, row.upload_key, row.created_at + kConfirmableFor);
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  co_await tx->commit();
  co_await rooms_.storage.remove(row.upload_key);
  if (reading) co_await rooms_.queue.cancel(*reading);
}

// What becomes something's is no file of its own any more; its row stays for who confirms it again.
Task<void> Files::attach(Transaction& tx, FileRow row, std::optional<double> timestamp, Kept kept) {
  const Instant now = rooms_.clock.now();
  const std::string& whose = *row.entity_id;
  switch (row.category) {
    case FileCategory::avatar:
      if (!co_await store::take_portrait(tx, whose, {row.storage_key, std::move(kept.colours)}, now))
        throw no_such_hero();
      break;
    case FileCategory::pictogram:
      if (!co_await store::keep_pictogram(tx, whose, row.storage_key, std::nullopt, now)) throw no_such_event();
      break;
    case FileCategory::audio:
      co_await bring_sound(tx, co_await own_tale(tx, row.user_id, whose),
                           {row.storage_key, row.file_size, kept.seconds}, now);
      break;
    case FileCategory::illustration:
      co_await bring_picture(tx, co_await own_tale(tx, row.user_id, whose), new_id("ill", rooms_.clock),
                             row.storage_key, {.at = timestamp}, now);
      break;
  }
}

}  // namespace odeon::stories
