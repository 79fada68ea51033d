// The general briefing over HTTP: latest, history, poll, audio, live progress.
#pragma once

#include "engine/ai/gateway.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/jobs/queue.hpp"
#include "engine/storage/storage.hpp"
#include "products/briefings/briefings.hpp"
#include "products/briefings/store.hpp"

namespace odeon::briefings {

inline constexpr std::chrono::hours kEditionEvery{4};
inline constexpr std::chrono::days kFreeHistory{7};

// Where the cached reply of "latest" is kept; forgotten when an edition becomes ready.
inline constexpr const char* kLatestKey = "briefings.latest";

class Editions {
 public:
  Editions(Store& store, jobs::Queue& queue, storage::Storage& storage, coordination::Coordination& coordination,
           ai::Gateway& gateway, const Clock& clock, bool has_feeds);

  Task<Edition> latest(http::Caller caller);
  Task<Briefing> current(http::Caller caller);
  Task<History> history(http::Caller caller, HistoryRequest request);
  Task<Briefing> poll(http::Caller caller, BriefingRequest request);
  Task<Quick> quick(http::Caller caller, BriefingRequest request);
  Task<http::Content> captions(BriefingRequest request);
  Task<http::File> audio(AudioRequest request);
  Task<http::Socket> watch(BriefingRequest request);
  Task<MobileHealth> health();

  void mount(http::Api& api);

 private:
  Task<EditionRow> edition(std::string id);
  Task<Briefing> described(http::Caller caller, EditionRow row);
  Task<EditionRow> ready_edition(std::string id);

  Store& store_;
  jobs::Queue& queue_;
  storage::Storage& storage_;
  coordination::Coordination& coordination_;
  ai::Gateway& gateway_;
  const Clock& clock_;
  bool has_feeds_;
};

}  // namespace odeon::briefings
