#include "server/rooms.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/crypto.hpp"
#include "engine/database/sqlite.hpp"
#include "server/models.hpp"

namespace odeon::server {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kFileThreads = 4;

std::size_t cores() {
  return std::max(1U, std::thread::hardware_concurrency());
}

std::string data_path(const Settings& settings, std::string_view name) {
  std::error_code fault;
  std::filesystem::create_directories(settings.data, fault);
  if (fault)
    throw Error(Fault::invalid, "DATA_FOLDER",
                fmt::format("The data folder {} cannot be made: {}.", settings.data, fault.message()));
  return (std::filesystem::path(settings.data) / name).string();
}

// What signs addresses; made once, readable by its owner alone.
std::string signing_secret(const Settings& settings) {
  const std::string path = data_path(settings, "signing.key");
  std::ifstream existing(path, std::ios::binary);
  std::string secret{std::istreambuf_iterator<char>(existing), {}};
  if (secret.size() == kSecretBytes) return secret;
  secret = crypto::random_bytes(kSecretBytes);
  const mode_t before = ::umask(0077);
  std::ofstream fresh(path, std::ios::binary | std::ios::trunc);
  ::umask(before);
  fresh << secret;
  if (!fresh.flush()) throw Error(Fault::invalid, "DATA_FOLDER", fmt::format("{} cannot be written.", path));
  return secret;
}

briefings::Fetch fetch_with(http::Client& client) {
  return [&client](this auto, std::string url, std::string etag, std::string modified) -> Task<briefings::Fetched> {
    http::ClientRequest request{.url = url, .follow_redirects = 3};
    request.headers.add("Accept", "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1");
    request.headers.add("User-Agent", "Odeon/0.1");
    if (!etag.empty()) request.headers.add("If-None-Match", etag);
    if (!modified.empty()) request.headers.add("If-Modified-Since", modified);
    auto response = co_await client.send(std::move(request));
    briefings::Fetched fetched{.status = response.status,
                               .content_type = std::string(response.headers.get("Content-Type")),
                               .etag = std::string(response.headers.get("ETag")),
                               .last_modified = std::string(response.headers.get("Last-Modified"))};
    std::array<char, 16384> buffer;
    while (fetched.body.size() <= briefings::kMaxFeedBytes) {
      const auto count = co_await response.body->read(buffer);
      if (count == 0) break;
      fetched.body.append(buffer.data(), count);
    }
    co_return fetched;
  };
}

briefings::Order edition_order(const Settings& settings) {
  return {.feeds = settings.briefings_feeds,
          .voice = settings.briefings_voice,
          .opening_ad = settings.briefings_opening_ad,
          .closing_ad = settings.briefings_closing_ad};
}

}  // namespace

Briefings::Briefings(House::Rooms& rooms)
    : store(*rooms.database),
      newsroom(store, fetch_with(rooms.client), rooms.files, rooms.clock, rooms.log),
      quotes("", fetch_with(rooms.client), rooms.files, rooms.clock, rooms.log),
      finlight({}, {}, rooms.files, rooms.clock, rooms.log),
      producer(newsroom, quotes, finlight, rooms.gateway, rooms.heavy, rooms.log),
      editions(store, rooms.queue, *rooms.storage, *rooms.coordination, rooms.gateway, rooms.clock,
               !rooms.settings.briefings_feeds.empty()),
      jobs(*rooms.database, store, rooms.queue, *rooms.storage, *rooms.coordination, producer, rooms.clock,
           edition_order(rooms.settings)) {}

House::Rooms::Rooms(Settings s)
    : settings(std::move(s)),
      log(settings.log_level),
      files(kFileThreads),
      heavy(cores()),
      loops(cores()),
      database(database::open_sqlite({.path = data_path(settings, "odeon.db"), .readers = cores()})),
      coordination(coordination::open_memory({}, clock)),
      signer(signing_secret(settings), clock),
      storage(storage::open_files(data_path(settings, "objects"), files, signer, clock)),
      queue(*database, *coordination, clock),
      client(http::ClientOptions{}),
      meter(metrics),
      gateway(clock, log, metrics, meter),
      limiter(*coordination),
      uploads(*storage, clock),
      router({authenticator, limiter, uploads, clock}, log),
      system(*database, *coordination, *storage, signer, gateway, metrics, router),
      job_endpoints(queue) {
  add_models(gateway, client, clock, heavy, settings);
}

}  // namespace odeon::server
