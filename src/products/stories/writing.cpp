#include "products/stories/writing.hpp"

#include "products/stories/made.hpp"

namespace odeon::stories {

void Writing::install(jobs::Worker& worker) {
  worker.handle<WriteStory>([this](WriteStory job, jobs::Job& handle) { return write(std::move(job.id), handle); });
  worker.on_failure<WriteStory>([this](WriteStory job, database::Transaction& transaction, std::string error) {
    return fail(std::move(job.id), transaction, std::move(error));
  });
}

Task<void> Writing::write(std::string id, jobs::Job& handle) {
  const auto tale = co_await store::tale(rooms_.database, id);
  if (!tale || tale->status != TaleStatus::writing) co_return;  // nobody wants it any more
  const auto hero = co_await store::hero(rooms_.database, tale->user_id, tale->hero_id.value_or(""));
  if (!hero) throw Error(Fault::not_found, "HERO_NOT_FOUND", "The hero was deleted before the story was written.");
  Authoring::Order order{.tale = *tale,
                         .hero = *hero,
                         .event = std::nullopt,
                         .stories_before = co_await store::tales_before(rooms_.database, hero->id, id),
                         .trace = handle.trace()};
  if (tale->custom_event_id) order.event = co_await store::event(rooms_.database, *tale->custom_event_id);
  co_await handle.progress(10, "writing", "Writing the story.");
  auto written = co_await rooms_.authoring.write(std::move(order));
  co_await handle.progress(90, "storing", "Storing the story.");
  co_await keep(*tale, std::move(written), handle);
}

Task<void> Writing::keep(TaleRow tale, Written written, jobs::Job& handle) {
  const Instant now = rooms_.clock.now();
  tale.title = written.title;
  tale.content = written.content;
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  if (co_await store::mark_written(*tx, tale.id, written, now)) {
    co_await rooms_.allowances.settle(*tx, tale.reservation);
    co_await count_made(rooms_.ledger, *tx, payer_of(tale.user_id, tale.tier), kStoryMade, written.model, tale.id);
    if (tale.custom_event_id) co_await store::use_event(*tx, *tale.custom_event_id, now);
    if (tale.wish.audio)
      co_await rooms_.narrations.enqueue(*tx, tale, std::nullopt, std::nullopt, tale.tier, handle.trace());
    if (tale.wish.illustrations)
      co_await rooms_.drawings.enqueue(*tx, tale,
                                       {.count = tale.wish.illustration_count, .timestamps = {}, .priority = {}},
                                       tale.tier, handle.trace());
    co_await rooms_.telling.story_ready(*tx, tale);
  }
  co_await handle.complete(*tx);
  co_await tx->commit();
}

Task<void> Writing::fail(std::string id, database::Transaction& transaction, std::string error) {
  const auto tale = co_await store::tale(transaction, id);
  if (!tale) co_return;
  co_await rooms_.allowances.release(transaction, tale->reservation);
  co_await store::mark_unwritten(transaction, id, std::move(error), rooms_.clock.now());
}

}  // namespace odeon::stories
