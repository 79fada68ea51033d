#include "engine/jobs/worker.hpp"

#include "base/crypto.hpp"
#include "engine/jobs/worker_state.hpp"

namespace odeon::jobs {
namespace {

constexpr Micros kPatience = std::chrono::seconds(5);  // with handlers that were told to end
const std::vector<double> kSeconds = {0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800};

std::uint64_t random_number() {
  const std::string bytes = crypto::random_bytes(8);
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

Metrics::Gauge running_gauge(Metrics& metrics, Weight weight) {
  return metrics.gauge("odeon_jobs_running", "Jobs in the hands of handlers.",
                       {{"weight", std::string(json::enum_name(weight))}});
}

}  // namespace

Worker::State::State(Queue& queue, Clock& clock, Log& log, Metrics& metrics, WorkerOptions options, Spans* spans)
    : core(queue.core_),
      queue(queue),
      clock(clock),
      log(log),
      metrics(metrics),
      running_gauges(running_gauge(metrics, Weight::light), running_gauge(metrics, Weight::heavy)),
      options(options),
      spans(spans != nullptr ? *spans : no_spans),
      random(random_number()),
      tasks([&log](const std::string& name, std::exception_ptr failure) {
        log.error("jobs.task_ended", {{"task", name}, {"error", describe(failure)}});
      }) {}

void Worker::State::add_kind(std::string kind, Handler handler) {
  const auto ended = [&](const char* outcome) {
    return metrics.counter("odeon_jobs_ended_total", "Attempts by how they ended.",
                           {{"kind", kind}, {"outcome", outcome}});
  };
  Kind entry{
      .handler = std::move(handler),
      .completed = ended("completed"),
      .retried = ended("retried"),
      .failed = ended("failed"),
      .seconds =
          metrics.histogram("odeon_jobs_duration_seconds", "How long handlers took.", kSeconds, {{"kind", kind}}),
      .waited = metrics.histogram("odeon_jobs_wait_seconds", "From ready to started.", kSeconds, {{"kind", kind}})};
  kinds.insert_or_assign(std::move(kind), std::move(entry));
}

void Worker::State::look_by(Instant when) {
  const auto wanted = when.time_since_epoch().count();
  auto before = look_at.load();
  while (wanted < before)
    if (look_at.compare_exchange_weak(before, wanted)) return alarm->ring();
}

bool Worker::State::wake(std::optional<Instant> look) {
  if (look) look_by(*look);
  const bool was_idle = idle.exchange(false);
  bell->ring();
  return was_idle;
}

Task<void> Worker::State::start(std::shared_ptr<State> self) {
  for (const Weight weight : kWeights)
    metrics
        .gauge("odeon_jobs_slots", "Handlers that this node runs at once.",
               {{"weight", std::string(json::enum_name(weight))}})
        .set(static_cast<double>(options.slots[weight]));
  executor = co_await asio::this_coro::executor;
  bell.emplace(executor);
  alarm.emplace(executor);
  all_done.emplace(executor);
  pumping = true;
  number = core->add_worker([state = std::weak_ptr(self)](std::optional<Instant> look) {
    const auto alive = state.lock();
    return alive && alive->wake(look);
  });
  tasks.spawn(executor, "jobs.pump", pump());
  tasks.spawn(executor, "jobs.time", keep_time());
  tasks.spawn(executor, "jobs.ready", hear_ready());
  tasks.spawn(executor, "jobs.cancelled", hear_cancelled());
  hear_database(self);
  if (!schedules.empty()) tasks.spawn(executor, "jobs.schedules", run_schedules());
}

Task<void> Worker::State::hear_ready() {
  const auto announcements = core->coordination.listen(std::string(kReadyTopic));
  for (;;)
    if (co_await announcements->next() != core->node) wake(std::nullopt);
}

Task<void> Worker::State::hear_cancelled() {
  const auto announcements = core->coordination.listen(std::string(kCancelTopic));
  for (;;) cancelled(co_await announcements->next());
}

void Worker::State::cancelled(const std::string& id) {
  const auto found = std::ranges::find(running, id, [](const auto& job) { return job->id(); });
  // Kept alive: a cancelled handler may end, and leave the set, at once.
  if (found != running.end()) std::shared_ptr(*found)->lose();
}

// What nodes tell one another through the database reaches them without a coordinator too. An empty
// message says that some were missed: there may be jobs; who was cancelled is found with the next lease.
void Worker::State::hear_database(std::weak_ptr<State> self) {
  const auto ready = [self, node = core->node](const std::string& from) {
    if (const auto alive = self.lock(); alive && from != node) alive->wake(std::nullopt);
  };
  const auto stop = [self, executor = executor](const std::string& id) {
    asio::post(executor, [self, id] {
      if (const auto alive = self.lock()) alive->cancelled(id);
    });
  };
  signals = {core->database.on_signal(std::string(kReadyTopic), ready),
             core->database.on_signal(std::string(kCancelTopic), stop)};
}

Task<void> Worker::State::shut_down() {
  if (std::exchange(stopping, true)) {
    while (!stopped) co_await all_done->wait_until(clock, Instant::max());
    all_done->ring();
    co_return;
  }
  core->remove_worker(number);
  signals = {};
  bell->ring();
  for (const auto& job : std::vector(running.begin(), running.end())) job->cancel_handler();
  const Instant patience = clock.now() + kPatience;
  while (pumping || (!running.empty() && clock.now() < patience)) co_await all_done->wait_until(clock, patience);
  co_await tasks.stop();
  co_await hand_back();
  // Whatever still runs has lost its job, but not yet its references to this worker.
  for (const auto& job : std::vector(running.begin(), running.end())) job->lose();
  while (!running.empty()) co_await all_done->wait_until(clock, Instant::max());
  stopped = true;
  all_done->ring();
}

Task<void> Worker::State::hand_back() {
  if (owner == 0) co_return;
  std::exception_ptr failure;
  Outcomes ending = std::exchange(outcomes, {});
  try {
    co_await write_failures();
    const Instant now = clock.now();
    auto tx = co_await core->database.begin(database::Isolation::statement);
    co_await write(*tx, ending, now);
    co_await store::release_all(*tx, owner, now);
    co_await store::remove_worker(*tx, owner);
    core->wake_for(*tx, std::nullopt);
    co_await tx->commit();
    announce(ending);
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) log.warning("jobs.not_handed_back", {{"error", describe(failure)}});
}

Worker::Worker(Queue& queue, Clock& clock, Log& log, Metrics& metrics, WorkerOptions options, Spans* spans)
    : state_(std::make_shared<State>(queue, clock, log, metrics, options, spans)) {}

Worker::~Worker() = default;

void Worker::handle_raw(std::string kind, std::function<Task<void>(std::string payload, Job& job)> handler) {
  state_->add_kind(std::move(kind), std::move(handler));
}

void Worker::on_failure_raw(std::string kind,
                            std::function<Task<void>(std::string, database::Transaction&, std::string)> call) {
  state_->core->set_hook(std::move(kind), std::move(call));
}

void Worker::schedule_raw(std::string name, Cron cron, JobKind kind, std::string payload, EnqueueOptions options) {
  state_->schedules.push_back({std::move(name), cron, std::move(kind), std::move(payload), std::move(options)});
}

Task<void> Worker::start() {
  co_await state_->start(state_);
}

Task<void> Worker::stop() {
  const auto state = state_;
  if (!state->executor) co_return;
  co_await asio::co_spawn(state->executor, state->shut_down(), asio::use_awaitable);
}

}  // namespace odeon::jobs
