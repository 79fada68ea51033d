#include "products/podcasts/import/imports.hpp"

#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "engine/storage/whole.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/names.hpp"
#include "products/podcasts/podcasts.hpp"

namespace odeon::podcasts {
namespace {

Error no_such_import() {
  return Error(Fault::not_found, "IMPORT_NOT_FOUND", "There is no such import.");
}

}  // namespace

void Imports::mount(http::Api& api) {
  http::mount(api, import_podcast, &Imports::start, *this);
  http::mount(api, import_file, &Imports::start_with, *this);
  http::mount(api, read_import, &Imports::read, *this);
}

Task<http::Accepted<ImportShown>> Imports::start(http::Caller caller, ImportPodcast request) {
  const std::string url(text::trim(request.feed_url));
  check_url("feed_url", url);
  return begin(std::move(caller), url, std::nullopt);
}

Task<http::Accepted<ImportShown>> Imports::start_with(http::Caller caller, ImportFile request) {
  // Whoever sent it may go away now: the file is read and removed.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  auto feed = co_await settle(feed_in(request.file.key));
  co_await rooms_.storage.remove(request.file.key);
  if (!feed) std::rethrow_exception(feed.error());
  co_return co_await begin(std::move(caller), "", std::move(*feed));
}

Task<FeedShow> Imports::feed_in(std::string key) {
  const auto xml = co_await storage::bytes_of(rooms_.storage, std::move(key), kLargestFeed);
  if (!xml) throw Error(Fault::invalid, "UPLOAD_LOST", "What was sent is lost. Please send it again.");
  co_return co_await run_blocking(rooms_.files, [&xml] { return read_podcast_feed(*xml); });
}

Task<http::Accepted<ImportShown>> Imports::begin(http::Caller caller, std::string feed_url,
                                                 std::optional<FeedShow> feed) {
  ImportRow row{.id = new_uuid(rooms_.clock),
                .user_id = caller.user_id,
                .feed_url = std::move(feed_url),
                .base_url = caller.base_url,
                .created_at = rooms_.clock.now()};
  if (feed)
    co_await rooms_.intake.check_lock(row.user_id, feed->lock);
  else
    co_await check_room(row);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await store::add(*tx, row);
  if (feed) co_await rooms_.intake.take_in(*tx, row, std::move(*feed));
  const auto job = co_await rooms_.queue.enqueue(
      *tx, ImportFeed{row.id}, {.lane = row.user_id, .lane_limit = kImportedAtOnce, .trace = caller.trace});
  co_await store::set_import_job(*tx, row.id, job.id);
  co_await tx->commit();
  auto now = co_await store::import_of(rooms_.database, row.id);
  co_return http::Accepted<ImportShown>{co_await shown(std::move(now.value()))};
}

// For the answer's sake: it is held when the feed is read. What is here already needs none.
Task<void> Imports::check_room(ImportRow row) {
  if (co_await imported_before(rooms_.database, row.user_id, row.feed_url, podcast_guid(row.feed_url))) co_return;
  const auto refused = co_await rooms_.allowances.refusal(row.user_id, std::string(kProduct), "podcasts");
  if (refused) throw no_more_podcasts(*refused);
}

Task<ImportShown> Imports::read(http::Caller caller, ImportRequest request) {
  auto row = co_await store::import_of(rooms_.database, caller.user_id, request.id);
  if (!row) throw no_such_import();
  co_return co_await shown(std::move(*row));
}

Task<ImportShown> Imports::shown(ImportRow row) {
  ImportShown shown{.id = row.id,
                    .status = row.state,
                    .podcast_id = or_null(row.podcast_id),
                    .job_id = or_null(row.job_id),
                    .verify = verifying_text(row.user_id),
                    .error = or_null(row.error),
                    .created_at = row.created_at};
  std::int64_t waiting = 0;
  for (auto& item : co_await store::imported_of(rooms_.database, row.id)) {
    ++shown.episodes;
    if (item.state == ImportedState::waiting) ++waiting;
    if (item.state == ImportedState::taken) ++shown.taken;
    if (item.state == ImportedState::known) ++shown.known;
    if (item.state == ImportedState::skipped)
      shown.skipped.push_back({std::move(item.title), item.reason.value_or("")});
  }
  if (shown.episodes > 0) shown.percent = (shown.episodes - waiting) * 99 / shown.episodes;
  if (row.state == ImportState::finished) shown.percent = 100;
  co_return shown;
}

}  // namespace odeon::podcasts
