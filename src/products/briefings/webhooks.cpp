#include "products/briefings/webhooks.hpp"

namespace odeon::briefings {

Task<void> ReadyWebhooks::briefing_ready(database::Transaction& transaction, BriefingRow briefing) {
  const BriefingReady ready{.id = briefing.id,
                            .title = briefing.title,
                            .duration = briefing.duration,
                            .audio_url = playback_.audio_url({.base_url = base_url_}, briefing),
                            .url = fmt::format("{}/api/briefings/{}", base_url_, briefing.id),
                            .generated_at = briefing.generated_at};
  co_await webhooks_.send(transaction, {.owner = std::move(briefing.user_id),
                                        .product = std::string(kProduct),
                                        .type = std::string(kBriefingReady),
                                        .data = json::parse(json::write(ready)),
                                        .key = "briefings.ready:" + ready.id});
}

}  // namespace odeon::briefings
