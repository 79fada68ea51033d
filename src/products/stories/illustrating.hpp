// The job that draws a story's pictures, one after the other: each is made to match the one before and the portrait.
// What fails is drawn again in the next attempt; what succeeded stays.
#pragma once

#include "engine/billing/ledger.hpp"
#include "engine/jobs/worker.hpp"
#include "engine/storage/storage.hpp"
#include "products/stories/authoring.hpp"
#include "products/stories/drawings.hpp"
#include "products/stories/painter.hpp"
#include "products/stories/telling.hpp"

namespace odeon::stories {

class Illustrating {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    billing::Ledger& ledger;
    Telling& telling;
    Authoring& authoring;
    Painter& painter;
    Log& log;
    const Clock& clock;
  };
  explicit Illustrating(Rooms rooms) : rooms_(rooms) {}

  void install(jobs::Worker& worker);

 private:
  // What all pictures of one story have in common, and the chain's last link.
  struct Sitting {
    TaleRow tale;
    HeroRow hero;
    StoryHero told;  // as prompts may have it
    VisualLook look;
    ai::Payer payer;
    TraceContext trace;
    std::optional<std::string> last_id;   // generation
    std::optional<std::string> last_key;  // in storage
  };
  Task<void> illustrate(IllustrateStory job, jobs::Job& handle);
  // Each picture gets its scene and its time.
  Task<std::vector<IllustrationRow>> planned(TaleRow tale, ai::Payer payer, TraceContext trace);
  Task<Sitting> sitting(TaleRow tale, ai::Payer payer, TraceContext trace);
  // Moves the chain on.
  Task<void> draw(Sitting& sitting, IllustrationRow picture);
  Task<std::vector<std::string>> references(const Sitting& sitting);
  Task<void> end(TaleRow tale, std::exception_ptr failure, jobs::Job& handle);

  Rooms rooms_;
};

}  // namespace odeon::stories
