#include "products/stories/event_jobs.hpp"

#include "products/stories/by_hand.hpp"
#include "products/stories/leftovers.hpp"
#include "products/stories/made.hpp"
#include "products/stories/media.hpp"
#include "products/stories/wording.hpp"
#include "products/stories/words/prompts.hpp"

namespace odeon::stories {
namespace {

constexpr int kEventTokens = 800;

}  // namespace

void EventJobs::install(jobs::Worker& worker) {
  worker.handle<EnhanceEvent>([this](EnhanceEvent job, jobs::Job& handle) { return enhance(std::move(job), handle); });
  worker.handle<DrawPictogram>([this](DrawPictogram job, jobs::Job& handle) { return draw(std::move(job), handle); });
}

Task<void> EventJobs::enhance(EnhanceEvent job, jobs::Job& handle) {
  const auto row = co_await store::event(rooms_.database, job.id);
  if (!row) co_return;
  co_await handle.progress(10, "enhancing", "Thinking about the event.");
  const auto told = co_await enhanced_event(*row, job.tier, handle.trace());
  const auto clean = [&](std::string_view text) {
    return cleaned(text, row->language, FilterMode::read_aloud, rooms_.log);
  };
  Enhancement made{.description = clean(told.event.description),
                   .prompt_seed = clean(told.event.promptSeed),
                   .keywords = {},
                   .model = told.model,
                   .is_by_model = told.model != ai::kOfflineModel};
  for (const auto& keyword : told.event.keywords) made.keywords.push_back(clean(keyword));
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  if (!co_await store::enhance(*tx, job.id, std::move(made), rooms_.clock.now())) co_return;
  co_await handle.complete(*tx);
  co_await tx->commit();
}

Task<EventJobs::Told> EventJobs::enhanced_event(EventRow row, std::string tier, TraceContext trace) {
  Told plain{.event = plain_event(row.title, row.description), .model = std::string(ai::kOfflineModel)};
  const auto prompt = event_prompt(row.title, row.description, row.language);
  const auto reply = co_await rooms_.gateway.text(
      {.task = "event_enhancement",
       .messages = {{ai::MessageRole::system, prompt.system}, {ai::MessageRole::user, prompt.user}},
       .max_tokens = kEventTokens,
       .form = {.kind = ai::AnswerForm::Kind::json},
       .offline = [&plain] { return json::write(plain.event); },
       .payer = payer_of(row.user_id, std::move(tier)),
       .trace = trace});
  if (reply.model == ai::kOfflineModel) co_return plain;
  auto read = read_event(reply.text());
  if (read) co_return Told{.event = std::move(*read), .model = reply.model};
  rooms_.log.warning("stories.answer_rejected", {{"model", reply.model}, {"code", read.error().code}});
  co_return plain;
}

Task<void> EventJobs::draw(DrawPictogram job, jobs::Job& handle) {
  const auto row = co_await store::event(rooms_.database, job.id);
  if (!row) co_return;
  co_await handle.progress(10, "drawing", "Drawing the pictogram.");
  const auto clean = [&](std::string_view words) {
    return cleaned(words, row->language, FilterMode::image_prompt, rooms_.log);
  };
  const std::string prompt = pictogram_prompt(clean(row->title), clean(row->description));
  const auto payer = payer_of(row->user_id, job.tier);
  const auto drawn = co_await rooms_.painter.draw(
      {.prompt = prompt, .references = {}, .side = kPictogramSide},
      [words = row->title + ' ' + row->description, language = row->language] {
        return pictogram_by_hand(words, language);
      },
      payer, handle.trace());
  const std::string key = new_media_key("pictograms", "png");
  co_await store_for({rooms_.database, rooms_.storage, rooms_.clock}, row->user_id, key, drawn.png, "image/png");
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const bool wanted = co_await store::keep_pictogram(*tx, row->id, key, drawn.model, rooms_.clock.now());
  if (wanted) {
    co_await store::keep_object(*tx, key);
    co_await count_made(rooms_.ledger, *tx, payer, kImageMade, drawn.model, handle.id());
  }
  co_await handle.complete(*tx);
  co_await tx->commit();
  if (!wanted) co_await discard({rooms_.database, rooms_.storage, rooms_.clock}, key);
}

}  // namespace odeon::stories
