// The jobs of custom events: what a model makes of one, and its pictogram.
#pragma once

#include "engine/billing/ledger.hpp"
#include "engine/jobs/worker.hpp"
#include "engine/storage/storage.hpp"
#include "products/stories/event_store.hpp"
#include "products/stories/painter.hpp"
#include "products/stories/words/prompts.hpp"

namespace odeon::stories {

struct EnhanceEvent {
  static constexpr std::string_view kind = "stories.enhance_event";
  std::string id;
  std::string tier;
};
BOOST_DESCRIBE_STRUCT(EnhanceEvent, (), (id, tier))
struct DrawPictogram {
  static constexpr std::string_view kind = "stories.pictogram";
  static constexpr auto weight = jobs::Weight::heavy;
  std::string id;
  std::string tier;
};
BOOST_DESCRIBE_STRUCT(DrawPictogram, (), (id, tier))

class EventJobs {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    ai::Gateway& gateway;
    Painter& painter;
    billing::Ledger& ledger;
    Log& log;
    const Clock& clock;
  };
  explicit EventJobs(Rooms rooms) : rooms_(rooms) {}

  void install(jobs::Worker& worker);

 private:
  Task<void> enhance(EnhanceEvent job, jobs::Job& handle);
  struct Told {
    EnhancedEvent event;
    std::string model;
  };
  Task<Told> enhanced_event(EventRow row, std::string tier, TraceContext trace);
  Task<void> draw(DrawPictogram job, jobs::Job& handle);

  Rooms rooms_;
};

}  // namespace odeon::stories
