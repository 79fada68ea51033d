// What a listener's own programs are told of.
#pragma once

#include <array>

#include "engine/notify/webhook_endpoints.hpp"
#include "products/briefings/audio/playback.hpp"

namespace odeon::briefings {

inline constexpr std::string_view kBriefingReady = "briefing.ready";
inline constexpr auto kWebhookEvents = std::to_array<std::string_view>({kBriefingReady, notify::kSubscriptionChanged});

struct BriefingReady {
  std::string id;
  std::string title;
  double duration = 0;    // seconds
  std::string audio_url;  // plays without headers, for a while; the poll gives another
  std::string url;        // the poll, which has the rest
  Instant generated_at;
};
BOOST_DESCRIBE_STRUCT(BriefingReady, (), (id, title, duration, audio_url, url, generated_at))

// In the transaction that makes a briefing of one's own ready. `base_url` is where people reach the product.
class ReadyWebhooks {
 public:
  ReadyWebhooks(notify::Webhooks& webhooks, const Playback& playback, std::string base_url)
      : webhooks_(webhooks), playback_(playback), base_url_(std::move(base_url)) {}

  // Tells once, however often it is called.
  Task<void> briefing_ready(database::Transaction& transaction, BriefingRow briefing);

 private:
  notify::Webhooks& webhooks_;
  const Playback& playback_;
  std::string base_url_;
};

}  // namespace odeon::briefings
