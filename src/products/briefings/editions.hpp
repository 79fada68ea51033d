// The general briefing over HTTP: latest, history, and how the one under way goes on.
#pragma once

#include "engine/ai/gateway.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/briefings/audio/playback.hpp"
#include "products/briefings/briefings.hpp"
#include "products/briefings/store.hpp"

namespace odeon::briefings {

inline constexpr std::chrono::hours kEditionEvery{4};
inline constexpr std::chrono::days kEditionsKept{7};

// Where the cached reply of "latest" is kept; forgotten when a briefing becomes ready.
inline constexpr const char* kLatestKey = "briefings.latest";

class Editions {
 public:
  Editions(Store& store, Playback& playback, coordination::Coordination& coordination, ai::Gateway& gateway,
           billing::Subscriptions& subscriptions, const Clock& clock, bool has_feeds);

  Task<Edition> latest(http::Caller caller);
  Task<Briefing> current(http::Caller caller);
  Task<History> history(http::Caller caller, HistoryRequest request);
  Task<MobileHealth> health();

  void mount(http::Api& api);

 private:
  Task<Edition> newest();
  Task<Edition> of_the_day(http::Caller caller, Edition newest);

  Store& store_;
  Playback& playback_;
  coordination::Coordination& coordination_;
  ai::Gateway& gateway_;
  billing::Subscriptions& subscriptions_;
  const Clock& clock_;
  bool has_feeds_;
};

}  // namespace odeon::briefings
