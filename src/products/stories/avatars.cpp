#include "products/stories/avatars.hpp"

#include "engine/http/binding.hpp"
#include "products/stories/by_hand.hpp"
#include "products/stories/faults.hpp"
#include "products/stories/leftovers.hpp"
#include "products/stories/made.hpp"
#include "products/stories/portrait_colours.hpp"
#include "products/stories/wording.hpp"

namespace odeon::stories {
namespace {

constexpr std::chrono::seconds kUsualAvatar{20}, kPatienceForAvatars{90};

}  // namespace

void Avatars::mount(http::Api& api) {
  http::mount(api, draw_avatar_of_hero, &Avatars::ask, *this);
}

void Avatars::install(jobs::Worker& worker) {
  worker.handle<DrawAvatar>([this](DrawAvatar job, jobs::Job& handle) { return draw(std::move(job), handle); });
}

Task<WithHeaders<AvatarReply>> Avatars::ask(http::Caller caller, AvatarRequest request) {
  DrawAvatar wanted{.hero_id = request.heroId, .user_id = caller.user_id};
  if (request.customPrompt && !text::trim(*request.customPrompt).empty())
    wanted.custom_prompt = fit_words("customPrompt", *request.customPrompt,
                                     co_await language_of_person(rooms_.database, caller.user_id), rooms_.log);
  const auto entitled = co_await rooms_.subscriptions.entitlement(caller.user_id, std::string(kProduct));
  wanted.tier = entitled.plan->name;
  co_await own_hero(rooms_.database, caller.user_id, request.heroId);
  co_await rooms_.pace.take(kPortraying, caller);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto row = co_await own_hero(*tx, caller.user_id, request.heroId);
  const auto queued = co_await rooms_.queue.enqueue(
      *tx, wanted, {.lane = caller.user_id, .lane_limit = kAtOnce, .trace = caller.trace});
  co_await store::expect_portrait(*tx, row.id, queued.id);
  co_await tx->commit();

  const auto job = co_await wait_for_job(rooms_.queue, queued.id, kPatienceForAvatars);
  const auto hero = co_await own_hero(rooms_.database, caller.user_id, request.heroId);
  WithHeaders<AvatarReply> answer{.value = {rooms_.heroes.shown(hero, caller.base_url), {.id = queued.id}},
                                  .status = 202};
  if (!job) co_return answer;
  answer.value.job = told(*job, rooms_.clock.now(), kUsualAvatar);
  if (answer.value.job.status == JobStatus::failed)
    throw Error(Fault::unavailable, "AVATAR_NOT_DRAWN", answer.value.job.error.value_or("It could not be drawn."))
        .with_retry_after(std::chrono::seconds(60));
  if (answer.value.job.status == JobStatus::completed) answer.status = 200;
  co_return answer;
}

Task<void> Avatars::draw(DrawAvatar job, jobs::Job& handle) {
  const auto hero = co_await store::hero(rooms_.database, job.user_id, job.hero_id);
  if (!hero) co_return;
  const auto payer = payer_of(job.user_id, job.tier);
  co_await handle.progress(10, "looking", "Thinking about how the hero looks.");
  const auto language = co_await language_of_person(rooms_.database, job.user_id);
  const auto clean = [&](std::string_view words) {
    return cleaned(words, language, FilterMode::image_prompt, rooms_.log);
  };
  Portrait portrait{.look = co_await rooms_.authoring.look(*hero, language, payer, handle.trace())};
  auto told = hero_told(*hero);
  told.appearance = clean(told.appearance);
  portrait.prompt = job.custom_prompt.empty() ? avatar_prompt(told, portrait.look) : clean(job.custom_prompt);
  co_await handle.progress(30, "drawing", "Drawing the portrait.");
  const auto drawn = co_await rooms_.painter.draw(
      {.prompt = portrait.prompt, .references = {}},
      [hero = *hero, look = portrait.look, words = job.custom_prompt] { return avatar_by_hand(hero, look, words); },
      payer, handle.trace());
  // Drawn by hand, it is known what the hero wears; else the picture shows it.
  portrait.look.colorPalette = co_await run_blocking(rooms_.pool, [&] {
    return colours_of_portrait(
        drawn.png, drawn.model == kDrawnByHand ? colours_by_hand(*hero, portrait.look) : std::vector<std::string>());
  });
  portrait.storage_key = new_media_key("avatars", "png");
  portrait.generation_id = drawn.generation_id;
  portrait.model = drawn.model;
  co_await store_for({rooms_.database, rooms_.storage, rooms_.clock}, job.user_id, portrait.storage_key, drawn.png,
                     "image/png");
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const bool wanted = co_await store::keep_portrait(*tx, hero->id, portrait, rooms_.clock.now());
  if (wanted) {
    co_await store::keep_object(*tx, portrait.storage_key);
    co_await count_made(rooms_.ledger, *tx, payer, kImageMade, drawn.model, handle.id());
    if (hero->avatar_key) co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = handle.trace()});
  }
  co_await handle.complete(*tx);
  co_await tx->commit();
  if (!wanted) co_await discard({rooms_.database, rooms_.storage, rooms_.clock}, portrait.storage_key);
}

}  // namespace odeon::stories
