// The job that reads a story aloud: sentence by sentence, joined with the pauses of somebody who reads to a child, and
// with the time of each sentence kept.
#pragma once

#include "engine/ai/gateway.hpp"
#include "engine/billing/ledger.hpp"
#include "engine/jobs/worker.hpp"
#include "engine/media/program.hpp"
#include "engine/storage/storage.hpp"
#include "products/stories/narrations.hpp"
#include "products/stories/telling.hpp"

namespace odeon::stories {

class Narrating {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    jobs::Queue& queue;
    ai::Gateway& gateway;
    billing::Ledger& ledger;
    Telling& telling;
    ThreadPool& pool;
    const Clock& clock;
  };
  explicit Narrating(Rooms rooms) : rooms_(rooms) {}

  void install(jobs::Worker& worker);

 private:
  Task<void> narrate(NarrateStory job, jobs::Job& handle);
  struct Recorded {
    media::Produced sound;
    NarratedTale told;
  };
  Task<Recorded> record(TaleRow tale, NarrateStory job, jobs::Job& handle);
  // False if the story is another meanwhile, or is read by a later job.
  Task<bool> keep(TaleRow tale, NarrateStory job, NarratedTale told, jobs::Job& handle);

  Rooms rooms_;
};

}  // namespace odeon::stories
