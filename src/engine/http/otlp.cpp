#include "engine/http/otlp.hpp"

#include <charconv>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "engine/http/retry_after.hpp"

namespace odeon::http {
namespace {

constexpr std::chrono::seconds kLook{1};  // whether a full batch waits
constexpr std::chrono::seconds kFirstPause{1};
constexpr std::size_t kMaxAnswer = 64 * 1024;

bool passes(unsigned status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

// What a collector that took the rest did not want: {"partialSuccess": {"rejectedSpans": "3"}}.
std::int64_t rejected_spans(const std::string& answer) {
  boost::system::error_code fault;
  const auto document = json::value(boost::json::parse(answer, fault));
  const auto* rejected = fault ? nullptr : document.find_pointer("/partialSuccess/rejectedSpans", fault);
  if (rejected == nullptr) return 0;
  if (rejected->is_int64()) return std::max<std::int64_t>(rejected->get_int64(), 0);
  std::int64_t count = 0;
  if (const auto* text = rejected->if_string()) std::from_chars(text->data(), text->data() + text->size(), count);
  return std::max<std::int64_t>(count, 0);
}

}  // namespace

OtlpExporter::OtlpExporter(Client& client, Spans& spans, ThreadPool& pool, Clock& clock, Log& log, Metrics& metrics,
                           OtlpOptions options)
    : client_(client),
      spans_(spans),
      pool_(pool),
      clock_(clock),
      log_(log),
      options_(std::move(options)),
      exported_(metrics.counter("odeon_spans_exported_total", "Spans that a collector took.")),
      refused_(metrics.counter("odeon_spans_dropped_total", "Spans that were not exported.", {{"reason", "refused"}})),
      last_sent_(clock.now()),
      tasks_([&log](const std::string&, std::exception_ptr failure) {
        log.error("traces.export_ended", {{"error", describe(failure)}});
      }) {}

OtlpExporter::~OtlpExporter() = default;

void OtlpExporter::start(asio::any_io_executor executor) {
  tasks_.spawn(executor, "traces.export", run());
}

Task<void> OtlpExporter::stop(std::chrono::milliseconds grace) {
  co_await tasks_.stop();
  static_cast<void>(co_await settle(with_timeout(grace, flush())));
  while (!body_.empty() || spans_.waiting() > 0) {
    if (body_.empty()) count_ = spans_.take(options_.batch).size();
    give_up("the process ended");
  }
}

Task<void> OtlpExporter::run() {
  for (;;) {
    co_await clock_.sleep_for(kLook);
    if (spans_.waiting() >= options_.batch || clock_.now() - last_sent_ >= options_.interval) co_await send_waiting();
  }
}

Task<void> OtlpExporter::send_waiting() {
  last_sent_ = clock_.now();
  do {
    if (!co_await fill()) co_return;
    Micros pause = kFirstPause;
    for (int attempt = 1; !body_.empty(); ++attempt, pause *= 2) {
      const Answer answer = co_await send();
      if (answer.outcome != Outcome::later) break;
      if (attempt >= options_.attempts) give_up(answer.why);
      co_await clock_.sleep_for(
          std::clamp<Micros>(answer.wait, pause, std::max<Micros>(pause, options_.longest_pause)));
    }
  } while (spans_.waiting() >= options_.batch);
}

Task<void> OtlpExporter::flush() {
  while (co_await fill())
    if ((co_await send()).outcome == Outcome::later) co_return;
}

// Whether there is a batch to send: one that a cancellation left behind, or the next.
Task<bool> OtlpExporter::fill() {
  if (!body_.empty()) co_return true;
  auto batch = spans_.take(options_.batch);
  if (batch.empty()) co_return false;
  count_ = batch.size();
  // What the pool runs may outlast a cancelled wait, but not this task's frame.
  body_ = co_await run_blocking(pool_, [&batch, this] { return otlp_json(batch, options_.service); });
  co_return true;
}

Task<OtlpExporter::Answer> OtlpExporter::send() {
  const auto answer = co_await settle(with_timeout(options_.limit, exchange()));
  // A cancelled wait for the collector says nothing of it.
  if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
  Answer result = answer ? *answer : Answer{.why = describe(answer.error())};
  if (result.outcome == Outcome::taken) taken(result.rejected);
  if (result.outcome == Outcome::refused) give_up(result.why);
  co_return result;
}

Task<OtlpExporter::Answer> OtlpExporter::exchange() {
  ClientRequest request{.method = Method::post, .url = options_.endpoint + "/v1/traces", .body = body_};
  for (const auto& [name, value] : options_.headers) request.headers.set(name, value);
  request.headers.set("Content-Type", "application/json");
  auto response = co_await client_.send(std::move(request));
  const bool fine = response.status >= 200 && response.status < 300;
  Answer answer{
      .outcome = fine                      ? Outcome::taken
                 : passes(response.status) ? Outcome::later
                                           : Outcome::refused,
      .why = fmt::format("status {}", response.status),
      .wait = read_retry_after(response.headers.get("Retry-After"), clock_.now()).value_or(std::chrono::seconds(0))};
  // The status has decided: what follows it, or does not, changes nothing.
  const auto content = co_await settle(read_all(*response.body, kMaxAnswer));
  if (content && fine) answer.rejected = rejected_spans(*content);
  co_return answer;
}

void OtlpExporter::taken(std::int64_t rejected) {
  const std::int64_t sent = static_cast<std::int64_t>(count_);
  rejected = std::min(rejected, sent);
  exported_.add(static_cast<double>(sent - rejected));
  refused_.add(static_cast<double>(rejected));
  body_.clear();
  if (!std::exchange(working_, true)) log_.info("traces.exported_again");
}

void OtlpExporter::give_up(const std::string& why) {
  refused_.add(static_cast<double>(count_));
  body_.clear();
  if (std::exchange(working_, false)) log_.warning("traces.not_exported", {{"reason", why}});
}

}  // namespace odeon::http
