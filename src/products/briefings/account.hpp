// A listener's plan and voice.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "products/briefings/audio/voices.hpp"
#include "products/briefings/listeners.hpp"
#include "products/briefings/store.hpp"

namespace odeon::briefings {

class Account {
 public:
  Account(Store& store, const VoiceChoice& voices, billing::Subscriptions& subscriptions,
          billing::Allowances& allowances, const Clock& clock)
      : store_(store), voices_(voices), subscriptions_(subscriptions), allowances_(allowances), clock_(clock) {}

  Task<SubscriptionReply> subscription(http::Caller caller);
  Task<Voices> voices(http::Caller caller);
  Task<Voices> choose(http::Caller caller, ChooseVoice request);

  void mount(http::Api& api);

 private:
  Store& store_;
  const VoiceChoice& voices_;
  billing::Subscriptions& subscriptions_;
  billing::Allowances& allowances_;
  const Clock& clock_;
};

}  // namespace odeon::briefings
