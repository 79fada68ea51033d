// Makes one briefing from start to finish: news, script, speech, production. Knows nothing of rows,
// jobs or requests, so that editions, personal briefings and the demo are made alike.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/ai/gateway.hpp"
#include "products/briefings/audio/narration.hpp"
#include "products/briefings/news/finlight.hpp"
#include "products/briefings/news/newsroom.hpp"
#include "products/briefings/script/facts.hpp"
#include "products/briefings/script/prompts.hpp"

namespace odeon::briefings {

// A stock of one person, in millionths (facts.hpp).
struct PersonalStock {
  std::string ticker;
  std::optional<std::int64_t> shares, average_cost;
  int priority = 5;  // 1 is told first
};

// What makes a briefing one person's.
struct PersonalOrder {
  std::string first_name;  // may be empty
  std::vector<PersonalStock> tickers;
  std::string focus = "holdings";  // holdings, watchlist or sectors
  bool profit_and_loss = false;
  bool ads = false;
  std::string time_zone;  // where they live (IANA); empty: UTC
};

struct Order {
  Instant now;  // the briefing's time: its title and greeting
  std::vector<std::string> feeds;
  double target_seconds = 170;  // of speech, ±5 %
  std::string voice;
  std::string opening_ad, closing_ad;  // audio files; empty: a chime
  std::optional<PersonalOrder> personal;
  TraceContext trace;  // that the calls of models belong to
};

struct Made {
  std::string title;
  std::string transcript;
  std::string captions;              // WebVTT
  std::vector<Source> sources;       // of a personal briefing also Finlight, where configured, and the quotes
  std::vector<AdMarker> ad_markers;  // of a personal briefing only where it was asked for ads
  std::vector<Chapter> chapters;
  std::string script_model;
  std::string speech_model;
  media::Produced audio;
};

// Told at each step: percent, a stable stage name, a sentence for people. Never called twice at once.
using Report = std::function<Task<void>(int percent, std::string stage, std::string message)>;

class Producer {
 public:
  Producer(Newsroom& newsroom, Quotes& quotes, Finlight& finlight, ai::Gateway& gateway, ThreadPool& pool, Log& log);
  // Throws no_news when nothing is known: of an edition without news, of a personal briefing without either
  // news or prices.
  Task<Made> make(Order order, Report report);

 private:
  struct Written {
    Script script;
    std::string model;
  };
  struct Material {
    News news;
    std::optional<PersonalBrief> person;
  };
  Task<Material> gather(Order order);
  Task<Written> write(Material material, Order order);
  Task<Written> written(ai::TextRequest request, std::vector<Article> offered, ScriptBrief brief,
                        std::vector<Fact> facts, Script fallback);
  Task<Pcm> slot(std::string file);

  Newsroom& newsroom_;
  Quotes& quotes_;
  Finlight& finlight_;
  ai::Gateway& gateway_;
  ThreadPool& pool_;
  Log& log_;
};

}  // namespace odeon::briefings
