// The words of a story: what is asked of a model, and what is composed where none answers.
#pragma once

#include "engine/ai/gateway.hpp"
#include "products/stories/event_store.hpp"
#include "products/stories/tale_store.hpp"
#include "products/stories/words/prompts.hpp"

namespace odeon::stories {

// A hero as stories and prompts are told of it.
StoryHero hero_told(const HeroRow& hero);

class Authoring {
 public:
  Authoring(ai::Gateway& gateway, ThreadPool& pool, Log& log) : gateway_(gateway), pool_(pool), log_(log) {}

  struct Order {
    TaleRow tale;
    HeroRow hero;
    std::optional<EventRow> event;    // of its own, if it is still there
    std::int64_t stories_before = 0;  // of that hero: no two are alike
    TraceContext trace;
  };
  // Throws as Gateway::text does.
  Task<Written> write(Order order);
  // As many scenes as there are to be pictures, in order; fewer of a story that has fewer.
  Task<std::vector<SceneTold>> scenes(TaleRow tale, std::size_t count, ai::Payer payer, TraceContext trace);
  // How a hero looks, by the words of whoever made it, which are in that language; fit for a picture.
  Task<VisualLook> look(HeroRow hero, Language language, ai::Payer payer, TraceContext trace);

 private:
  // Of a story that has none: a model's, else a composed one.
  Task<std::string> title_for(std::string content, Order order);
  // What a model answers; nothing where none did.
  Task<std::optional<std::string>> asked(Prompt prompt, ai::TextRequest manner);
  void reject(const BadAnswer& fault) const;

  ai::Gateway& gateway_;
  ThreadPool& pool_;
  Log& log_;
};

}  // namespace odeon::stories
