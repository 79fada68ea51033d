#include "products/stories/illustrating.hpp"

#include "engine/storage/whole.hpp"
#include "products/stories/by_hand.hpp"
#include "products/stories/leftovers.hpp"
#include "products/stories/made.hpp"
#include "products/stories/showing.hpp"
#include "products/stories/wording.hpp"

namespace odeon::stories {
namespace {

constexpr std::uint64_t kLargestReference = 20 << 20;
constexpr int kPlanned = 10, kDrawn = 95;  // percent

bool is_drawn(const IllustrationRow& picture) {
  return picture.status == DrawStatus::completed;
}

}  // namespace

void Illustrating::install(jobs::Worker& worker) {
  worker.handle<IllustrateStory>(
      [this](IllustrateStory job, jobs::Job& handle) { return illustrate(std::move(job), handle); });
  worker.on_failure<IllustrateStory>(
      [this](this auto, IllustrateStory job, database::Transaction& transaction, std::string error) -> Task<void> {
        co_await store::mark_rest_undrawn(transaction, std::move(job.pictures), std::move(error), rooms_.clock.now());
      });
}

Task<void> Illustrating::illustrate(IllustrateStory job, jobs::Job& handle) {
  const auto tale = co_await store::tale(rooms_.database, job.id);
  if (!tale || tale->illustrations_job_id != handle.id()) co_return;  // nobody waits for them any more
  const auto payer = payer_of(tale->user_id, job.tier);
  co_await handle.progress(2, "planning", "Choosing the scenes.");
  const auto pictures = co_await planned(*tale, payer, handle.trace());
  auto together = co_await sitting(*tale, payer, handle.trace());
  std::exception_ptr failure;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const int percent = kPlanned + static_cast<int>((kDrawn - kPlanned) * i / pictures.size());
    co_await handle.progress(percent, "drawing", fmt::format("Drawing picture {} of {}.", i + 1, pictures.size()));
    if (is_drawn(pictures[i])) {
      together.last_id = pictures[i].generation_id;
      together.last_key = pictures[i].image_key;
      continue;
    }
    const auto drawn = co_await settle(draw(together, pictures[i]));
    if (drawn) continue;
    if (is_cancellation(drawn.error())) std::rethrow_exception(drawn.error());
    failure = drawn.error();
    rooms_.log.warning("stories.picture_failed", {{"reason", describe(failure)}});
    co_await store::mark_undrawn(rooms_.database, pictures[i].id, "The picture could not be drawn.",
                                 rooms_.clock.now());
  }
  co_await end(*tale, failure, handle);
}

// What an earlier attempt planned stays as it was.
Task<std::vector<IllustrationRow>> Illustrating::planned(TaleRow tale, ai::Payer payer, TraceContext trace) {
  auto pictures = co_await store::illustrations(rooms_.database, tale.id);
  if (pictures.empty() || !pictures.front().scene.text.empty()) co_return pictures;
  const auto timed = timed_scenes(tale, pictures);
  const auto scenes =
      timed.empty() ? co_await rooms_.authoring.scenes(tale, pictures.size(), std::move(payer), trace) : timed;
  std::vector<IllustrationRow> kept;
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (i < scenes.size()) {
      pictures[i].scene = scenes[i];
      kept.push_back(pictures[i]);
    } else {
      co_await store::remove_illustration(*tx, pictures[i]);  // a story with fewer scenes has fewer pictures
    }
  }
  const auto times = showings(tale, kept);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    kept[i].starts_at = times[i].starts_at;
    kept[i].seconds = times[i].seconds;
    co_await store::plan(*tx, kept[i]);
  }
  co_await tx->commit();
  co_return kept;
}

// A hero that is deleted is drawn by its name alone.
Task<Illustrating::Sitting> Illustrating::sitting(TaleRow tale, ai::Payer payer, TraceContext trace) {
  auto hero = co_await store::hero(rooms_.database, tale.user_id, tale.hero_id.value_or(""));
  const auto language = co_await language_of_person(rooms_.database, tale.user_id);
  Sitting together{
      .tale = std::move(tale), .hero = {}, .told = {}, .look = {}, .payer = std::move(payer), .trace = trace};
  together.hero =
      hero ? std::move(*hero)
           : HeroRow{
                 .id = together.tale.id, .user_id = together.tale.user_id, .name = together.tale.hero_name, .age = 7};
  together.told = hero_told(together.hero);
  together.told.appearance = cleaned(together.told.appearance, language, FilterMode::image_prompt, rooms_.log);
  together.last_id = together.hero.avatar_generation_id;
  together.last_key = together.hero.avatar_key;
  if (together.hero.visual_profile) together.look = *together.hero.visual_profile;
  if (tells_a_look(together.look)) co_return together;
  auto colours = std::move(together.look.colorPalette);
  together.look = co_await rooms_.authoring.look(together.hero, language, together.payer, trace);
  together.look.colorPalette = colours.empty() ? colours_by_hand(together.hero, together.look) : std::move(colours);
  co_await store::learn_look(rooms_.database, together.hero.id, together.look);
  co_return together;
}

Task<std::vector<std::string>> Illustrating::references(const Sitting& sitting) {
  std::vector<std::string> pictures;
  if (!rooms_.painter.has_model()) co_return pictures;
  std::vector<std::string> keys;
  if (sitting.hero.avatar_key) keys.push_back(*sitting.hero.avatar_key);
  if (sitting.last_key && sitting.last_key != sitting.hero.avatar_key) keys.push_back(*sitting.last_key);
  for (const auto& key : keys)
    if (auto bytes = co_await storage::bytes_of(rooms_.storage, key, kLargestReference))
      pictures.push_back(std::move(*bytes));
  co_return pictures;
}

Task<void> Illustrating::draw(Sitting& sitting, IllustrationRow picture) {
  co_await store::mark_drawing(rooms_.database, picture.id, rooms_.clock.now());
  auto to_match = co_await references(sitting);
  const auto scene = cleaned_scene(scene_from(picture.scene, sitting.tale.language), rooms_.log);
  picture.prompt = illustration_prompt(scene, sitting.told, sitting.look, !to_match.empty());
  auto drawn = co_await rooms_.painter.draw(
      {.prompt = picture.prompt, .references = std::move(to_match)},
      [hero = sitting.hero, look = sitting.look, scene] { return scene_by_hand(hero, look, scene); }, sitting.payer,
      sitting.trace);
  const std::string key = new_media_key("illustrations", "png");
  co_await store_for({rooms_.database, rooms_.storage, rooms_.clock}, picture.user_id, key, std::move(drawn.png),
                     "image/png");
  picture.image_key = key;
  picture.model = drawn.model;
  picture.generation_id = drawn.generation_id;
  picture.previous_generation_id = sitting.last_id;
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const bool wanted = co_await store::mark_drawn(*tx, picture, rooms_.clock.now());
  if (wanted) {
    co_await store::keep_object(*tx, key);
    co_await count_made(rooms_.ledger, *tx, sitting.payer, kImageMade, drawn.model, picture.id);
  }
  co_await tx->commit();
  if (!wanted) co_await discard({rooms_.database, rooms_.storage, rooms_.clock}, key);
  sitting.last_id = picture.generation_id;
  if (wanted) sitting.last_key = key;
}

// Some of them are better than none: only where none is drawn has all of it failed.
Task<void> Illustrating::end(TaleRow tale, std::exception_ptr failure, jobs::Job& handle) {
  if (failure && handle.attempt() < kDrawingAttempts) std::rethrow_exception(failure);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto pictures = co_await store::illustrations(*tx, tale.id);
  const auto completed = std::ranges::count_if(pictures, is_drawn);
  if (failure && completed == 0) std::rethrow_exception(failure);
  // The narration may have come meanwhile.
  if (const auto now = co_await store::tale(*tx, tale.id)) co_await store::show_at(*tx, showings(*now, pictures));
  co_await rooms_.telling.illustrations_ready(*tx, tale, completed, std::ssize(pictures));
  co_await handle.complete(*tx);
  co_await tx->commit();
}

}  // namespace odeon::stories
