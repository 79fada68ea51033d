// The job that writes a story: by a model, or composed without one; looked through, stored, paid for.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/billing/ledger.hpp"
#include "engine/jobs/worker.hpp"
#include "products/stories/authoring.hpp"
#include "products/stories/drawings.hpp"
#include "products/stories/narrations.hpp"
#include "products/stories/telling.hpp"

namespace odeon::stories {

struct WriteStory {
  static constexpr std::string_view kind = "stories.write";
  std::string id;
};
BOOST_DESCRIBE_STRUCT(WriteStory, (), (id))

// How long it usually takes, as far as nobody knows better.
inline constexpr std::chrono::seconds kUsualWriting{15};

class Writing {
 public:
  struct Rooms {
    database::Database& database;
    billing::Allowances& allowances;
    billing::Ledger& ledger;
    Narrations& narrations;
    Drawings& drawings;
    Telling& telling;
    Authoring& authoring;
    const Clock& clock;
  };
  explicit Writing(Rooms rooms) : rooms_(rooms) {}

  void install(jobs::Worker& worker);

 private:
  Task<void> write(std::string id, jobs::Job& handle);
  Task<void> keep(TaleRow row, Written written, jobs::Job& handle);
  Task<void> fail(std::string id, database::Transaction& transaction, std::string error);

  Rooms rooms_;
};

}  // namespace odeon::stories
