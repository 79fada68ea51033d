#include "server/house.hpp"

#include <boost/asio/use_future.hpp>

#include "server/contents.hpp"

namespace odeon::server {
namespace {

constexpr std::chrono::days kKeepEndedJobs{7};
constexpr std::chrono::milliseconds kLastSpans{1'000};  // what stopping waits for the collector

// What has ended is kept for a while, for whoever asks how it went.
struct Prune {
  static constexpr std::string_view kind = "server.prune";
};
BOOST_DESCRIBE_STRUCT(Prune, (), ())

// Runs `task` on the first loop, where workers live, and waits for it.
template <class T>
T run_on(Loops& loops, Task<T> task) {
  return asio::co_spawn(loops[0], std::move(task), asio::use_future).get();
}

// From before there were keys, or by a node without.
Task<void> seal_what_lies_in_clear(House::Rooms& rooms) {
  for (SealedData* data : rooms.sealed.all)
    if (const auto count = co_await reseal(*data, rooms.ring, Reseal::plain); count > 0)
      rooms.log.info("keys.sealed", {{"room", data->room()}, {"values", count}});
}

// Also where nobody works: whoever cancels a job gives back what it held.
void install_jobs(House::Rooms& rooms) {
  const auto [light, heavy] = rooms.settings.jobs_at_once;
  const jobs::WorkerOptions options{.slots = {static_cast<std::size_t>(light), static_cast<std::size_t>(heavy)},
                                    .lease = rooms.settings.job_lease};
  auto& worker = rooms.worker.emplace(rooms.queue, rooms.clock, rooms.log, rooms.metrics, options, &rooms.spans);
  worker.handle<Prune>([&rooms](this auto, Prune, jobs::Job&) -> Task<void> {
    const Instant now = rooms.clock.now();
    co_await rooms.queue.prune(now - kKeepEndedJobs);
    co_await rooms.privacy->audit.prune(now - rooms.settings.audit_kept);
    co_await rooms.people.sessions.prune();
    co_await rooms.people.proofs.prune();
    co_await rooms.people.oauth.prune();
  });
  worker.schedule("server.prune", jobs::Cron("15 3 * * *"), Prune{});
  rooms.till.payments.install(worker);
  rooms.till.currencies.install(worker);
  rooms.overages.install(worker);
  rooms.costs.install(worker);
  rooms.digest.install(worker);
  rooms.push.install(worker);
  rooms.mail.install(worker);
  rooms.webhooks.install(worker);
  rooms.privacy->erasures.install(worker);
  rooms.privacy->billing.install(worker);
  rooms.privacy->monthly.install(worker);
  rooms.briefings->jobs.install(worker);
  rooms.briefings->schedules.install(worker);
  rooms.briefings->analytics.install(worker);
  rooms.briefings->alerts.install(worker);
  rooms.chat->retention.install(worker);
  rooms.chat->creation_jobs.install(worker);
  rooms.chat->memory_index.install(worker);
  rooms.chat->remembering.install(worker);
  rooms.chat->learning_later.install(worker);
  rooms.stories->install(worker);
  rooms.podcasts->intakes.install(worker);
  rooms.podcasts->processing.install(worker);
  rooms.podcasts->retagging.install(worker);
  rooms.podcasts->transcripts.install(worker);
  rooms.podcasts->notes_work.install(worker);
  rooms.podcasts->import_work.install(worker);
  rooms.podcasts->leftovers.install(worker);
  rooms.podcasts->publishing.install(worker);
}

// Answers GET /metrics and nothing else.
http::Handler metrics_only(System& system) {
  return [&system](this auto, http::Request& request) -> Task<http::Response> {
    http::Response response{.status = 404};
    if (request.path != "/metrics" || request.method != http::Method::get) co_return response;
    auto content = co_await system.metrics();
    response.status = 200;
    response.headers.add("Content-Type", content.type);
    response.body = std::move(content.body);
    co_return response;
  };
}

void start_metrics(House::Rooms& rooms, const ListenAddress& at) {
  rooms.metrics_server.emplace(http::ServerOptions{.address = at.address, .port = at.port}, rooms.loops,
                               metrics_only(rooms.system), rooms.log, rooms.metrics);
  rooms.metrics_server->start();
}

void start_traces(House::Rooms& rooms) {
  const TraceSettings& settings = rooms.settings.traces;
  rooms.traces.emplace(
      rooms.client, rooms.spans, rooms.files, rooms.clock, rooms.log, rooms.metrics,
      http::OtlpOptions{.endpoint = settings.endpoint, .headers = settings.headers, .service = settings.service});
  rooms.traces->start(rooms.loops.executor(0));
}

}  // namespace

House::House(Settings settings) : rooms_(std::make_unique<Rooms>(std::move(settings))) {
  rooms_->briefings.emplace(*rooms_);
  rooms_->privacy.emplace(*rooms_);
  rooms_->stories.emplace(*rooms_);
  rooms_->chat.emplace(*rooms_);
  rooms_->podcasts.emplace(*rooms_);
  rooms_->studio.emplace(*rooms_);
  install_jobs(*rooms_);
  run_task(seal_what_lies_in_clear(*rooms_));
}

House::~House() {
  stop(std::chrono::milliseconds(0));
  // Their last work may still hold a loop, which must outlive it.
  rooms_->files.join();
  rooms_->heavy.join();
  rooms_->mailers.join();
  rooms_->hashing.join();
}

std::uint16_t House::start(std::optional<int> inherited_socket) {
  Rooms& rooms = *rooms_;
  const Settings& settings = rooms.settings;
  rooms.server.emplace(http::ServerOptions{.address = settings.address,
                                           .port = settings.port,
                                           .inherited_socket = inherited_socket,
                                           .certificate_file = settings.certificate_file,
                                           .key_file = settings.key_file,
                                           .trusted_proxies = settings.trusted_proxies},
                       rooms.loops, contents(rooms), rooms.log, rooms.metrics);
  rooms.loops.start();  // first, so that a failing start can be stopped
  rooms.database->changes().start(rooms.loops.executor(0), *rooms.database, rooms.clock, rooms.log);
  rooms.leases.start(rooms.loops.executor(0));
  rooms.postings.start(rooms.loops.executor(0));
  if (!settings.traces.endpoint.empty()) start_traces(rooms);
  const std::uint16_t port = rooms.server->start();
  if (settings.metrics) start_metrics(rooms, *settings.metrics);
  if (settings.role != Role::api) {
    run_on(rooms.loops, rooms.worker->start());
    if (!settings.briefings_feeds.empty()) request_edition();
  }
  rooms.metrics.gauge("odeon_start_seconds", "From the process's beginning until it served.")
      .set(process_age_seconds());
  return port;
}

void House::stop(std::chrono::milliseconds grace) {
  Rooms& rooms = *rooms_;
  if (!rooms.server) return;
  run_on(rooms.loops, rooms.server->stop(grace));
  if (rooms.worker) run_on(rooms.loops, rooms.worker->stop());
  if (rooms.metrics_server) run_on(rooms.loops, rooms.metrics_server->stop(std::chrono::milliseconds(0)));
  if (rooms.traces) run_on(rooms.loops, rooms.traces->stop(kLastSpans));
  run_on(rooms.loops, rooms.gateway.stop());
  run_on(rooms.loops, rooms.leases.stop());
  run_on(rooms.loops, rooms.postings.stop());
  run_on(rooms.loops, rooms.database->changes().stop());
  run_on(rooms.loops, rooms.database->close());
  rooms.loops.stop();
  rooms.loops.join();
  rooms.worker.reset();
  rooms.server.reset();
  rooms.metrics_server.reset();
  rooms.traces.reset();
}

std::string House::request_edition() {
  return run_on(rooms_->loops, rooms_->briefings->jobs.request_current());
}

std::string House::openapi(const std::string& product) {
  contents(*rooms_);
  return run_task(rooms_->system.openapi({product})).body;
}

}  // namespace odeon::server
