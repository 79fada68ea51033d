#include "server/contents.hpp"

#include "engine/http/trace.hpp"

namespace odeon::server {
namespace {

bool enabled(const Settings& settings, std::string_view product) {
  return settings.products.empty() || std::ranges::find(settings.products, product) != settings.products.end();
}

void mount_server(House::Rooms& rooms) {
  auto api = std::make_unique<http::Api>("", "Server", std::make_unique<http::BareFormat>());
  rooms.system.mount(*api, rooms.settings.shows_metrics());
  rooms.router.add(std::move(api));
  if (rooms.settings.role == Role::worker) return;
  rooms.router.add(rooms.people.supabase.api());
  if (rooms.till.pages) rooms.router.add(rooms.till.pages->api());
}

void mount_briefings(House::Rooms& rooms) {
  auto api = std::make_unique<http::Api>("briefings", "Briefings", std::make_unique<briefings::EnvelopeFormat>());
  rooms.briefings->editions.mount(*api);
  rooms.briefings->playback.mount(*api);
  rooms.briefings->account.mount(*api);
  rooms.briefings->payment.mount(*api);
  rooms.briefings->in_app.mount(*api);
  rooms.briefings->portfolios.mount(*api);
  rooms.briefings->personal.mount(*api);
  rooms.briefings->schedules.mount(*api);
  rooms.briefings->private_feed.mount(*api);
  rooms.briefings->keys.mount(*api);
  rooms.briefings->webhooks.mount(*api);
  rooms.briefings->analytics.mount(*api);
  rooms.briefings->alerts.mount(*api);
  rooms.briefings->devices.mount(*api);
  rooms.privacy->briefings.mount(*api);
  rooms.job_endpoints.mount(*api);
  rooms.router.add(std::move(api), rooms.settings.briefings_hosts);
}

template <class Product>
void mount(House::Rooms& rooms, std::optional<Product>& product, std::string_view name) {
  const auto hosts = rooms.settings.hosts.find(name);
  if (enabled(rooms.settings, name))
    rooms.router.add(product->api(), hosts == rooms.settings.hosts.end() ? std::vector<std::string>() : hosts->second);
}

}  // namespace

http::Handler contents(House::Rooms& rooms) {
  mount_server(rooms);
  if (rooms.settings.role != Role::worker) {
    if (enabled(rooms.settings, "briefings")) mount_briefings(rooms);
    mount(rooms, rooms.stories, "stories");
    mount(rooms, rooms.chat, "chat");
    mount(rooms, rooms.podcasts, "podcasts");
    mount(rooms, rooms.studio, "studio");
  }

  return http::pipeline(
      {
          http::trace_requests(rooms.spans, rooms.clock),
          http::log_requests(rooms.log),
          http::count_requests(rooms.metrics),
          http::request_ids(),
          http::security_headers(),
          http::cross_origin(rooms.settings.allowed_origins),
      },
      [&router = rooms.router](http::Request& request) { return router.handle(request); });
}

}  // namespace odeon::server
