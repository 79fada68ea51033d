#include "engine/ai/providers/anthropic_batch.hpp"

#include "engine/ai/providers/anthropic.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;
using wire::text_of;

constexpr const char* kVersionHeader = "anthropic-version";

}  // namespace

AnthropicBatch::AnthropicBatch(http::Client& client, const Clock& clock, std::shared_ptr<const Provider> provider,
                               ModelTraits model)
    : client_(client), clock_(clock), provider_(std::move(provider)), model_(std::move(model)) {}

std::string AnthropicBatch::name() const {
  return provider_->name + "/" + model_.id;
}

ProviderCall AnthropicBatch::call(http::Method method, std::string_view path) const {
  ProviderCall call = batch_call(*provider_, method, fmt::format("/v1/messages/batches{}", path));
  call.headers.set(kVersionHeader, std::string(Anthropic::kSecondVersion));
  return call;
}

Task<std::string> AnthropicBatch::submit(std::vector<TextRequest> requests) {
  ProviderCall start = call(http::Method::post, "");
  start.trace = requests.front().trace;
  start.body = R"({"requests":[)";
  std::string_view version = Anthropic::kSecondVersion;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    auto wire = provider_->dialect->write(requests[i], model_, false);
    start.body +=
        fmt::format(R"({}{{"custom_id":"{}","params":{}}})", i == 0 ? "" : ",", batch_request_id(i), wire.body);
    // One version for all of them; what the second takes, the first takes too.
    if (wire.headers.get(kVersionHeader) == Anthropic::kFirstVersion) version = Anthropic::kFirstVersion;
    check_batch_size(start.body.size());
  }
  start.body += "]}";
  start.headers.set(kVersionHeader, std::string(version));
  const auto batch = co_await batch_object(client_, clock_, std::move(start));
  co_return batch_id(member(*batch, "id"), provider_->name);
}

Task<BatchLook> AnthropicBatch::look(BatchTicket ticket) {
  BatchAnswers collected(ticket.entries, name());
  ProviderCall about = call(http::Method::get, "/" + ticket.id);
  about.accepted = {404};
  const auto batch = co_await batch_object(client_, clock_, std::move(about));
  const std::size_t all = ticket.entries.size();
  if (!batch) co_return BatchLook{all, std::move(collected).fail(batch_gone())};
  const auto status = text_of(member(*batch, "processing_status"));
  if (status == "in_progress" || status == "canceling") co_return BatchLook{};
  if (status != "ended") throw unusable("BAD_ANSWER", provider_->name, "a status that there is not");

  // Kept for 29 days; then there is no address any more. Where that leads is not asked: the key goes to where the key
  // is of.
  if (member(*batch, "results_url") == nullptr) co_return BatchLook{all, std::move(collected).fail(batch_gone())};
  ProviderCall results = call(http::Method::get, "/" + ticket.id + "/results");
  results.accepted = {404};
  const BatchAnswers::Read reading = [this](const bj::object& line) { return read(line); };
  const bool there = co_await read_batch_lines(client_, clock_, std::move(results), collected, reading);
  co_return BatchLook{
      all, std::move(collected).finish(there ? unusable("NO_ANSWER", provider_->name, "no result") : batch_gone())};
}

TextReply AnthropicBatch::read(const bj::object& line) const {
  const auto* result = member(line, "result");
  const auto type = text_of(member(result, "type"));
  if (type == "expired") throw batch_expired();
  if (type == "canceled") throw batch_cancelled();
  if (type == "errored") {
    // {"type": "error", "error": {…}}, whose status has to be guessed.
    const bj::value* error = member(result, "error");
    const bj::value* inner = member(error, "error");
    if (text_of(member(inner, "type")) == "invalid_request_error")
      throw error_of_status(400, {}, bj::serialize(*error), provider_->name, clock_.now());
    throw error_in_answer(inner != nullptr ? *inner : bj::value(), provider_->name);
  }
  const auto* message = member(result, "message");
  if (type != "succeeded" || message == nullptr) throw unusable("BAD_ANSWER", provider_->name, "no known result");
  return provider_->dialect->read(bj::serialize(*message), provider_->name);
}

Task<void> AnthropicBatch::cancel(std::string id) {
  ProviderCall stop = call(http::Method::post, "/" + id + "/cancel");
  stop.accepted = {400, 404, 409};  // it has ended
  co_await batch_object(client_, clock_, std::move(stop));
}

}  // namespace odeon::ai
