// Briefings of one's own: asked for within the plan, queued by it, listed as far back as it keeps them.
#pragma once

#include "engine/billing/quotas.hpp"
#include "products/briefings/listeners.hpp"
#include "products/briefings/playback.hpp"
#include "products/briefings/quotes.hpp"
#include "products/briefings/voices.hpp"

namespace odeon::briefings {

class Personal {
 public:
  Personal(database::Database& database, Store& store, jobs::Queue& queue, coordination::Coordination& coordination,
           Playback& playback, Quotes& quotes, const VoiceChoice& voices, billing::Subscriptions& subscriptions,
           billing::Quotas& quotas, const Clock& clock);

  Task<PersonalReply> request(http::Caller caller, PersonalRequest request);
  Task<PersonalHistory> history(http::Caller caller, PersonalHistoryRequest request);

  void mount(http::Api& api);

 private:
  Task<std::vector<std::string>> tickers(std::string user_id, const PersonalRequest& request);
  Task<std::string> voice(std::string user_id, const PersonalRequest& request, const billing::Plan& plan);
  Task<void> guard_rate(std::string user_id, const billing::Plan& plan);
  Task<std::optional<std::string>> enqueue(BriefingRow& row, const billing::Plan& plan, TraceContext trace);
  PersonalReply upgrade_required(const billing::Plan& plan, std::string message) const;
  PersonalReply limited(const billing::Plan& plan) const;

  database::Database& database_;
  Store& store_;
  jobs::Queue& queue_;
  coordination::Coordination& coordination_;
  Playback& playback_;
  Quotes& quotes_;
  const VoiceChoice& voices_;
  billing::Subscriptions& subscriptions_;
  billing::Quotas& quotas_;
  const Clock& clock_;
};

}  // namespace odeon::briefings
