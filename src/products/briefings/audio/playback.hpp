// Any briefing that the caller may hear, an edition or one of their own: poll, live progress, audio, captions,
// download.
#pragma once

#include "engine/billing/subscriptions.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/jobs/queue.hpp"
#include "engine/storage/files.hpp"
#include "products/briefings/briefings.hpp"
#include "products/briefings/store.hpp"

namespace odeon::briefings {

class Playback {
 public:
  Playback(Store& store, jobs::Queue& queue, storage::Storage& storage, const storage::FileSigner& signer,
           billing::Subscriptions& subscriptions, const Clock& clock);

  Task<Briefing> poll(http::Caller caller, BriefingRequest request);
  Task<Quick> quick(http::Caller caller, BriefingRequest request);
  Task<Download> download(http::Caller caller, BriefingRequest request);
  Task<http::Content> captions(http::Caller caller, BriefingRequest request);
  Task<http::File> audio(AudioRequest request);
  Task<http::Socket> watch(http::Caller caller, BriefingRequest request);

  void mount(http::Api& api);

  // The poll's answer for a row that was read already.
  Task<Briefing> described(http::Caller caller, BriefingRow row);
  // Plays without headers; somebody's own only for a while.
  std::string audio_url(const http::Caller& caller, const BriefingRow& briefing) const;

 private:
  Task<BriefingRow> visible(http::Caller caller, std::string id);
  Task<BriefingRow> playable(http::Caller caller, std::string id);
  std::string signed_url(const http::Caller& caller, const BriefingRow& briefing, std::chrono::seconds lifetime) const;
  void add_result(Briefing& briefing, BriefingRow row, const http::Caller& caller) const;

  Store& store_;
  jobs::Queue& queue_;
  storage::Storage& storage_;
  const storage::FileSigner& signer_;
  billing::Subscriptions& subscriptions_;
  const Clock& clock_;
};

}  // namespace odeon::briefings
