#include "products/stories/authoring.hpp"

#include "products/stories/made.hpp"
#include "products/stories/showing.hpp"
#include "products/stories/wording.hpp"

namespace odeon::stories {
namespace {

constexpr int kStoryTokens = 2500, kTitleTokens = 60, kSceneTokens = 1200, kLookTokens = 800;
constexpr double kStoryTemperature = 0.8, kCarefulTemperature = 0.2;
constexpr std::size_t kEventShown = 60;  // code points of a prompt that stands for the title of an event that is gone

// `with_prompt`: models are told all that a person wrote of an event, the composer only its title.
StoryWish wish_of(const Authoring::Order& order, bool with_prompt) {
  const TaleRow& tale = order.tale;
  StoryWish wish{.hero = hero_told(order.hero),
                 .language = tale.language,
                 .event = tale.event_type.value_or(""),
                 .custom_event = "",
                 .tone = std::nullopt,
                 .companion = "",
                 .seed = static_cast<std::uint64_t>(order.stories_before)};
  if (!tale.custom_event_prompt) return wish;
  const std::string& seed = *tale.custom_event_prompt;
  wish.custom_event = order.event ? order.event->title : std::string(text::prefix(seed, kEventShown));
  if (with_prompt) wish.custom_event += ": " + seed;
  if (order.event) wish.tone = json::enum_value<Tone>(order.event->tone);
  return wish;
}

}  // namespace

StoryHero hero_told(const HeroRow& hero) {
  return {.name = hero.name,
          .age = static_cast<int>(hero.age),
          .traits = hero.traits,
          .abilities = hero.abilities,
          .appearance = hero.appearance,
          .gender = std::nullopt};
}

void Authoring::reject(const BadAnswer& fault) const {
  log_.warning("stories.answer_rejected", {{"code", fault.code}, {"reason", fault.message}});
}

Task<std::optional<std::string>> Authoring::asked(Prompt prompt, ai::TextRequest manner) {
  manner.messages = {{ai::MessageRole::system, std::move(prompt.system)},
                     {ai::MessageRole::user, std::move(prompt.user)}};
  manner.offline = [] { return std::string(); };
  const auto reply = co_await gateway_.text(std::move(manner));
  if (reply.model == ai::kOfflineModel) co_return std::nullopt;
  co_return reply.text();
}

Task<Written> Authoring::write(Order order) {
  const TaleRow& tale = order.tale;
  const auto prompt = story_prompt(wish_of(order, true));
  ai::TextRequest request{.task = task_of(kStoryMade),
                          .messages = {{ai::MessageRole::system, prompt.system}, {ai::MessageRole::user, prompt.user}},
                          .max_tokens = kStoryTokens,
                          .temperature = kStoryTemperature,
                          .offline = [] { return std::string(); },
                          .payer = payer_of(tale.user_id, tale.tier),
                          .trace = order.trace};
  const auto reply = co_await gateway_.text(std::move(request));
  if (reply.model != ai::kOfflineModel) {
    auto story = read_story(reply.text(), tale.language);
    if (story && story->title.empty()) story->title = co_await title_for(story->content, order);
    if (story)
      co_return Written{.title = cleaned(story->title, tale.language, FilterMode::read_aloud, log_),
                        .content = cleaned(story->content, tale.language, FilterMode::read_aloud, log_),
                        .scenes = {},
                        .model = reply.model};
    reject(story.error());
  }
  auto composed = co_await run_blocking(pool_, [wish = wish_of(order, false)] { return compose_story(wish); });
  Written written{.title = cleaned(composed.title, tale.language, FilterMode::read_aloud, log_),
                  .content = cleaned(composed.content, tale.language, FilterMode::read_aloud, log_),
                  .scenes = {},
                  .model = std::string(ai::kOfflineModel)};
  // Where a name was replaced, its scenes are elsewhere.
  if (written.content == composed.content)
    for (const auto& scene : composed.scenes) written.scenes.push_back(told_scene(scene));
  co_return written;
}

Task<std::string> Authoring::title_for(std::string content, Order order) {
  const TaleRow& tale = order.tale;
  const auto answer = co_await asked(title_prompt(content, tale.language), {.task = task_of(kStoryMade),
                                                                            .messages = {},
                                                                            .max_tokens = kTitleTokens,
                                                                            .temperature = kStoryTemperature,
                                                                            .payer = payer_of(tale.user_id, tale.tier),
                                                                            .trace = order.trace});
  if (answer) {
    const auto title = read_title(*answer);
    if (title) co_return *title;
    reject(title.error());
  }
  co_return co_await run_blocking(pool_, [wish = wish_of(order, false)] { return compose_story(wish).title; });
}

Task<std::vector<SceneTold>> Authoring::scenes(TaleRow tale, std::size_t count, ai::Payer payer, TraceContext trace) {
  std::vector<StoryScene> found;
  for (const auto& scene : tale.scenes) found.push_back(scene_from(scene, tale.language));
  found = spread(found, count);
  if (found.empty()) {
    const auto answer =
        co_await asked(scenes_prompt(tale.content, tale.language, count), {.task = "scene_extraction",
                                                                           .messages = {},
                                                                           .max_tokens = kSceneTokens,
                                                                           .temperature = kCarefulTemperature,
                                                                           .form = {.kind = ai::AnswerForm::Kind::json},
                                                                           .payer = std::move(payer),
                                                                           .trace = trace});
    if (answer) {
      auto read = read_scenes(*answer, tale.content, count);
      if (read) found = std::move(*read);
      if (!read) reject(read.error());
    }
  }
  if (found.empty()) found = extract_scenes(tale.content, tale.language, count);
  std::vector<SceneTold> scenes;
  for (const auto& scene : found) scenes.push_back(told_scene(scene));
  co_return scenes;
}

Task<VisualLook> Authoring::look(HeroRow hero, Language language, ai::Payer payer, TraceContext trace) {
  auto told = hero_told(hero);
  const auto answer = co_await asked(look_prompt(told), {.task = "visual_profile",
                                                         .messages = {},
                                                         .max_tokens = kLookTokens,
                                                         .temperature = kCarefulTemperature,
                                                         .form = {.kind = ai::AnswerForm::Kind::json},
                                                         .payer = std::move(payer),
                                                         .trace = trace});
  if (answer) {
    auto look = read_look(*answer);
    if (look) co_return cleaned_look(std::move(*look), Language::en, log_);
    reject(look.error());
  }
  told.appearance = cleaned(told.appearance, language, FilterMode::image_prompt, log_);
  co_return plain_look(told);
}

}  // namespace odeon::stories
