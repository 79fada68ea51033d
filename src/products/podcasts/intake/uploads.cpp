#include "products/podcasts/intake/uploads.hpp"

#include "base/crypto.hpp"
#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/intake/media_types.hpp"
#include "products/podcasts/leftovers.hpp"
#include "products/podcasts/sound/processing_store.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kLongestName = 255;

Error no_such_upload() {
  return Error(Fault::not_found, "UPLOAD_NOT_FOUND", "There is no such upload.");
}

Error nothing_sent() {
  return Error(Fault::invalid, "EMPTY_FILE", "The file is empty.");
}

http::TusUpload tus_of(const IntakeRow& row) {
  http::TusUpload upload{.id = row.id, .offset = static_cast<std::uint64_t>(row.received), .metadata = row.metadata};
  if (row.expected) upload.length = static_cast<std::uint64_t>(*row.expected);
  if (row.state == IntakeState::open) upload.expires_at = row.touched_at + kUnfinishedKept;
  return upload;
}

std::string value_of(const http::TusMetadata& metadata, std::string_view key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? "" : std::string(text::prefix(text::trim(found->second), kLongestName));
}

// Listens to a form's file under a name of its own until it is stored, which it is not yet as it comes.
class HeardForm final : public http::UploadWatcher {
 public:
  HeardForm(Listening& listening, ProcessingOptions wanted, std::string name)
      : listening_(listening), wanted_(std::move(wanted)), name_(std::move(name)) {}
  ~HeardForm() override { listening_.drop(name_); }
  void arrived(std::span<const char> bytes) override {
    if (!bytes.empty() && listening_.wants(name_, at_)) listening_.hear(name_, wanted_, part_in_memory(at_, bytes));
    at_ += std::ssize(bytes);
  }
  void accepted(const http::Upload& upload) override { listening_.move(name_, upload.key); }

 private:
  Listening& listening_;
  const ProcessingOptions wanted_;
  const std::string name_;
  std::int64_t at_ = 0;
};

// What is to be done with the sound, by the names that a form has.
ProcessingOptions options_in(const http::TusMetadata& metadata) {
  json::object fields;
  for (const auto& [key, value] : metadata) fields[key] = value;
  ProcessingOptions options;
  json::Faults faults;
  json::read(options, fields, "", json::Source::text, faults);
  faults.raise();
  return options;
}

// Of an episode that is begun for a file: what its sender says, else what the file is called.
std::string title_of(std::string_view title, std::string_view file_name) {
  const auto words = text::trim(title);
  return std::string(words.empty() ? text::trim(file_name.substr(0, file_name.rfind('.'))) : words);
}

UploadStatus upload_status(IntakeState state) {
  if (state == IntakeState::open) return UploadStatus::uploading;
  return state == IntakeState::joining ? UploadStatus::joining : UploadStatus::finished;
}

}  // namespace

void Uploads::mount(http::Api& api) {
  http::mount(api, upload_file, &Uploads::upload, *this, [this](const json::object& fields) { return listen(fields); });
  http::mount(api, read_upload, &Uploads::read, *this);
  tus_.mount(api);
}

// By what of the form came before the file. What is wrong in it whoever takes the form says.
std::unique_ptr<http::UploadWatcher> Uploads::listen(const json::object& fields) {
  ProcessingOptions wanted;
  json::Faults faults;
  json::read(wanted, fields, "", json::Source::text, faults);
  return std::make_unique<HeardForm>(rooms_.listening, merged(usual_options(), wanted), new_uuid(rooms_.clock));
}

Task<http::Accepted<Episode>> Uploads::upload(http::Caller caller, UploadFile request) {
  // Whoever sent it may go away now: the file is either an episode's or is removed.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const std::string key = request.file.key;
  auto taken = co_await settle(take(caller, std::move(request)));
  if (!taken) {
    rooms_.listening.drop(key);
    co_await rooms_.storage.remove(key);
    std::rethrow_exception(taken.error());
  }
  auto row = co_await own_episode(rooms_.database, caller.user_id, std::move(*taken));
  co_return http::Accepted<Episode>{co_await rooms_.episodes.described(std::move(row), std::move(caller))};
}

// The object of the form is the source's from now on. The id of the episode.
Task<std::string> Uploads::take(http::Caller caller, UploadFile request) {
  if (!request.episode_id && !request.podcast_id)
    throw fault_at("podcast_id", "Name the podcast or the episode that this is for.");
  if (request.file.size == 0) throw nothing_sent();
  check_options(request);
  AudioRow source{.user_id = caller.user_id,
                  .storage_key = request.file.key,
                  .media_type = loose_media_type(request.file.content_type),
                  .name = request.file.file_name,
                  .bytes = request.file.size,
                  .counted = request.file.size};
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto held =
      co_await rooms_.allowances.reserve(*tx, caller.user_id, std::string(kProduct), "storage", source.bytes);
  if (!held) throw storage_is_full(held.error());
  co_await rooms_.allowances.settle(*tx, *held);
  source.episode_id = co_await episode_for(*tx, rooms_.clock, caller.user_id, request.episode_id,
                                           request.podcast_id.value_or(""), title_of(request.title, source.name));
  std::string id = source.episode_id;
  if (!co_await rooms_.audio.arrive(*tx, std::move(source), caller.trace)) throw no_such_episode();
  co_await store::choose(*tx, id, caller.user_id, request);
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  co_await tx->commit();
  co_return id;
}

Task<UploadShown> Uploads::read(http::Caller caller, UploadRequest request) {
  const auto row = co_await store::intake(rooms_.database, caller.user_id, IntakeKind::upload, request.id);
  if (!row) throw no_such_upload();
  co_return UploadShown{.id = row->id,
                        .status = upload_status(row->state),
                        .podcast_id = row->podcast_id,
                        .episode_id = or_null(row->episode_id),
                        .job_id = or_null(row->job_id),
                        .bytes = row->received,
                        .size = or_null(row->expected),
                        .expires_at = row->touched_at + kUnfinishedKept};
}

// Whether it would fit as things are: what comes is counted as it comes.
Task<void> Uploads::check_room(Transaction& tx, std::string user_id, std::int64_t bytes) {
  const auto held = co_await rooms_.allowances.reserve(tx, std::move(user_id), std::string(kProduct), "storage", bytes);
  if (!held) throw storage_is_full(held.error());
  co_await rooms_.allowances.release(tx, *held);
}

Task<http::TusUpload> Uploads::create(http::Caller caller, std::optional<std::uint64_t> length,
                                      http::TusMetadata metadata, std::string written) {
  if (length == 0U) throw nothing_sent();
  IntakeRow row{.id = new_uuid(rooms_.clock), .user_id = caller.user_id};
  row.kind = IntakeKind::upload;
  row.name = value_of(metadata, "filename");
  row.title = title_of(value_of(metadata, "title"), row.name);
  row.media_type = loose_media_type(value_of(metadata, "filetype"));
  row.metadata = std::move(written);
  check_options(options_in(metadata));
  row.created_at = row.touched_at = rooms_.clock.now();
  const std::string episode = value_of(metadata, "episode_id"), podcast = value_of(metadata, "podcast_id");
  if (episode.empty() && podcast.empty())
    throw fault_at("podcast_id", "Name the podcast or the episode that this is for, in Upload-Metadata.");
  if (!episode.empty()) {
    row.podcast_id = (co_await own_episode(rooms_.database, caller.user_id, episode)).podcast_id;
    row.episode_id = episode;
  } else {
    row.podcast_id = (co_await own_show(rooms_.database, caller.user_id, podcast)).id;
  }
  if (length) row.expected = static_cast<std::int64_t>(*length);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  if (row.expected) co_await check_room(*tx, caller.user_id, *row.expected);
  co_await store::add(*tx, row);
  co_await tx->commit();
  co_return tus_of(row);
}

Task<std::optional<http::TusUpload>> Uploads::find(http::Caller caller, std::string id) {
  const auto row = co_await store::intake(rooms_.database, caller.user_id, IntakeKind::upload, std::move(id));
  if (!row) co_return std::nullopt;
  auto upload = tus_of(*row);
  if (upload.expires_at && *upload.expires_at <= rooms_.clock.now())
    throw Error(Fault::gone, "UPLOAD_EXPIRED", "This upload was left for too long. Please begin again.");
  co_return upload;
}

Task<bool> Uploads::declare(http::Caller caller, std::string id, std::uint64_t length) {
  if (length == 0) throw nothing_sent();
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  if (!co_await store::expect(*tx, id, static_cast<std::int64_t>(length), rooms_.clock.now())) co_return false;
  static_cast<void>(co_await close_if_whole(*tx, std::move(id), caller.trace));
  co_await tx->commit();
  co_return true;
}

Task<http::TusPiece> Uploads::store(http::Caller, std::string id, std::string bytes) {
  http::TusPiece piece{
      .key = piece_folder(id) + new_uuid(rooms_.clock), .sha256 = crypto::sha256_hex(bytes), .size = bytes.size()};
  co_await storage::put(rooms_.storage, piece.key, std::move(bytes), {});
  co_return piece;
}

Task<bool> Uploads::append(http::Caller caller, std::string id, std::uint64_t offset,
                           std::vector<http::TusPiece> pieces) {
  std::vector<PieceRow> added;
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  for (auto& piece : pieces) {
    const auto at = static_cast<std::int64_t>(offset), size = static_cast<std::int64_t>(piece.size);
    if (!co_await store::append(*tx, id, at, size, static_cast<std::int64_t>(kLargestSource), rooms_.clock.now()))
      co_return false;
    added.push_back({.intake_id = id,
                     .number = at,
                     .bytes = size,
                     .sha256 = std::move(piece.sha256),
                     .storage_key = std::move(piece.key)});
    co_await rooms_.intakes.add(*tx, caller.user_id, added.back());
    offset += piece.size;
  }
  const auto wanted = co_await close_if_whole(*tx, std::move(id), caller.trace);
  co_await tx->commit();
  for (auto& piece : added) {
    const auto next = piece.number + piece.bytes;
    co_await rooms_.intakes.hear(std::move(piece), next, wanted);
  }
  co_return true;
}

Task<ProcessingOptions> Uploads::close_if_whole(Transaction& tx, std::string id, TraceContext trace) {
  const auto row = co_await store::intake(tx, std::move(id));
  if (!row) co_return ProcessingOptions{};
  auto wanted = options_in(http::parse_tus_metadata(row->metadata).value_or(http::TusMetadata()));
  if (row->state != IntakeState::open || row->expected != row->received) co_return wanted;
  auto episode = co_await episode_for(tx, rooms_.clock, row->user_id, row->episode_id, row->podcast_id, row->title);
  co_await rooms_.intakes.close(tx, *row, episode, row->received, trace);
  co_await store::choose(tx, std::move(episode), row->user_id, wanted);
  co_return wanted;
}

Task<void> Uploads::discard(std::vector<http::TusPiece> pieces) {
  for (auto& piece : pieces) co_await rooms_.storage.remove(std::move(piece.key));
}

Task<bool> Uploads::remove(http::Caller caller, std::string id) {
  const auto row = co_await store::intake(rooms_.database, caller.user_id, IntakeKind::upload, id);
  if (!row) co_return false;
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const bool dropped = co_await rooms_.intakes.drop(*tx, std::move(id));
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  co_await tx->commit();
  co_return dropped;
}

}  // namespace odeon::podcasts
