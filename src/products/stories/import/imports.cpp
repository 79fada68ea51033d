#include "products/stories/import/imports.hpp"

#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "products/stories/told_jobs.hpp"

namespace odeon::stories {

void Imports::mount(http::Api& api) {
  http::mount(api, bring_library, &Imports::bring, *this);
  http::mount(api, stories::read_import, &Imports::read, *this);
}

Task<http::Accepted<ImportReply>> Imports::bring(http::Caller caller, BringLibrary request) {
  // Whoever sent it may go away now: it is taken over, or removed.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  auto row = co_await settle(begin(std::move(caller), request.file.key));
  if (!row) {
    co_await rooms_.storage.remove(request.file.key);
    std::rethrow_exception(row.error());
  }
  co_return http::Accepted<ImportReply>{co_await shown(std::move(*row))};
}

Task<ImportRow> Imports::begin(http::Caller caller, std::string upload_key) {
  ImportRow row{.id = new_id("import", rooms_.clock),
                .user_id = caller.user_id,
                .upload_key = std::move(upload_key),
                .created_at = rooms_.clock.now()};
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto job = co_await rooms_.queue.enqueue(*tx, ImportLibrary{row.id},
                                                 {.lane = row.user_id, .lane_limit = kAtOnce, .trace = caller.trace});
  row.job_id = job.id;
  co_await store::add(*tx, row);
  co_await tx->commit();
  co_return row;
}

Task<ImportReply> Imports::read(http::Caller caller, ImportRequest request) {
  auto row = co_await store::import_of(rooms_.database, caller.user_id, request.id);
  if (!row) throw Error(Fault::not_found, "IMPORT_NOT_FOUND", "There is no such import.");
  co_return co_await shown(std::move(*row));
}

Task<ImportReply> Imports::shown(ImportRow row) {
  ImportTold told{.id = row.id,
                  .status = row.state,
                  .jobId = row.job_id,
                  .skipped = std::move(row.skipped),
                  .error = or_null(row.error),
                  .createdAt = row.created_at,
                  .endedAt = or_null(row.ended_at)};
  for (const auto& [kind, count] : co_await store::imported_with(rooms_.database, row.id)) {
    if (kind == "hero") told.heroes = count;
    if (kind == "customEvent") told.customEvents = count;
    if (kind == "story") told.stories = count;
    if (kind == "file") told.files = count;
  }
  co_return ImportReply{std::move(told)};
}

}  // namespace odeon::stories
