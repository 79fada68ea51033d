// Briefings of one's own: asked for within the plan, queued by it, listed as far back as it keeps them.
#pragma once

#include "engine/billing/allowances.hpp"
#include "products/briefings/audio/playback.hpp"
#include "products/briefings/audio/voices.hpp"
#include "products/briefings/listeners.hpp"
#include "products/briefings/news/quotes.hpp"

namespace odeon::briefings {

class Personal {
 public:
  Personal(database::Database& database, Store& store, jobs::Queue& queue, coordination::Coordination& coordination,
           Playback& playback, Quotes& quotes, const VoiceChoice& voices, billing::Subscriptions& subscriptions,
           billing::Allowances& allowances, ThreadPool& pool, const Clock& clock);

  Task<PersonalReply> request(http::Caller caller, PersonalRequest request);
  // As `request`, for those who ask in a listener's name: `along` is called in the transaction in which the
  // briefing is queued.
  using Along = std::function<Task<void>(database::Transaction& transaction, std::string briefing_id)>;
  Task<PersonalReply> request_along(http::Caller caller, PersonalRequest request, Along along);
  // Throws what `request` would throw for stocks or a voice that the listener cannot have.
  Task<void> check(std::string user_id, PersonalRequest request);
  // Whether the voice that is asked for, if any, is in the listener's plan now.
  Task<bool> has_voice(std::string user_id, PersonalRequest request);
  Task<PersonalHistory> history(http::Caller caller, PersonalHistoryRequest request);

  void mount(http::Api& api);

 private:
  Task<std::vector<std::string>> tickers(std::string user_id, const PersonalRequest& request);
  Task<std::string> voice(std::string user_id, const PersonalRequest& request, const billing::Plan& plan);
  Task<void> guard_rate(std::string user_id, const billing::Plan& plan);
  Task<std::string> time_zone(std::string user_id, const PersonalRequest& request);
  // The row that is queued, which is an older one if its request key is known.
  Task<std::expected<BriefingRow, billing::Refusal>> enqueue(BriefingRow row, const billing::Plan& plan,
                                                             TraceContext trace, const Along& along);
  Task<PersonalReply> queued(BriefingRow row);
  PersonalReply upgrade_required(const billing::Plan& plan, std::string message) const;
  PersonalReply limited(const billing::Refusal& refusal) const;

  database::Database& database_;
  Store& store_;
  jobs::Queue& queue_;
  coordination::Coordination& coordination_;
  Playback& playback_;
  Quotes& quotes_;
  const VoiceChoice& voices_;
  billing::Subscriptions& subscriptions_;
  billing::Allowances& allowances_;
  ThreadPool& pool_;  // reads time zones
  const Clock& clock_;
};

}  // namespace odeon::briefings
