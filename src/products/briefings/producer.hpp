// Makes one briefing from start to finish: news, script, speech, production. Knows nothing of rows,
// jobs or requests, so that editions, personal briefings and the demo are made alike.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/ai/gateway.hpp"
#include "products/briefings/narration.hpp"
#include "products/briefings/newsroom.hpp"

namespace odeon::briefings {

struct Order {
  Instant now;  // the edition's time: its title and greeting
  std::vector<std::string> feeds;
  double target_seconds = 170;  // of speech, ±5 %
  std::string voice;
  std::string opening_ad, closing_ad;  // audio files; empty: a chime
};

struct Made {
  std::string title;
  std::string transcript;
  std::string captions;  // WebVTT
  std::vector<Source> sources;
  std::vector<AdMarker> ad_markers;
  std::vector<Chapter> chapters;
  std::string script_model;
  std::string speech_model;
  media::Produced audio;
};

// Told at each step: percent, a stable stage name, a sentence for people. Never called twice at once.
using Report = std::function<Task<void>(int percent, std::string stage, std::string message)>;

class Producer {
 public:
  Producer(Newsroom& newsroom, ai::Gateway& gateway, ThreadPool& pool, Log& log);
  Task<Made> make(Order order, Report report);

 private:
  struct Written {
    Script script;
    std::string model;
  };
  Task<Written> write(std::vector<Article> articles, Order order);
  Task<Pcm> slot(std::string file);

  Newsroom& newsroom_;
  ai::Gateway& gateway_;
  ThreadPool& pool_;
  Log& log_;
};

}  // namespace odeon::briefings
