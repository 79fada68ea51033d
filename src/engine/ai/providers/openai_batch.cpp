#include "engine/ai/providers/openai_batch.hpp"

#include "engine/ai/providers/multipart_form.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;
using wire::text_of;

// What was asked and answered stays with OpenAI for a month unless it is told otherwise.
constexpr std::chrono::seconds kKept = std::chrono::days(7);

std::string lines_of(const std::vector<TextRequest>& requests, const TextDialect& dialect, const ModelTraits& model) {
  std::string lines;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto wire = dialect.write(requests[i], model, false);
    lines += fmt::format("{{\"custom_id\":\"{}\",\"method\":\"POST\",\"url\":\"/v1{}\",\"body\":{}}}\n",
                         batch_request_id(i), wire.path, wire.body);
    check_batch_size(lines.size());
  }
  return lines;
}

Error failure_of(const bj::value& error, const std::string& provider) {
  const auto code = text_of(member(&error, "code"));
  if (code == "batch_expired") return batch_expired();
  if (code == "batch_cancelled") return batch_cancelled();
  return error_in_answer(error, provider);
}

// The whole batch was refused when it was looked through: the fault of one line, or of none.
Error refusal_of(const bj::object& batch, const std::string& provider) {
  const auto* errors = member(batch, "errors");
  const auto& list = wire::list_of(member(errors, "data"));
  return list.empty() ? unusable("BATCH_FAILED", provider, "no reason given") : error_in_answer(list.front(), provider);
}

}  // namespace

OpenAiBatch::OpenAiBatch(http::Client& client, const Clock& clock, std::shared_ptr<const Provider> provider,
                         ModelTraits model)
    : client_(client), clock_(clock), provider_(std::move(provider)), model_(std::move(model)) {}

std::string OpenAiBatch::name() const {
  return provider_->name + "/" + model_.id;
}

Task<std::string> OpenAiBatch::submit(std::vector<TextRequest> requests) {
  MultipartForm form;
  form.field("purpose", "batch");
  form.field("expires_after[anchor]", "created_at");
  form.field("expires_after[seconds]", std::to_string(kKept.count()));
  form.file("file", "batch.jsonl", "application/jsonl", lines_of(requests, *provider_->dialect, model_));
  ProviderCall upload = batch_call(*provider_, http::Method::post, "/files");
  upload.content_type = form.content_type();
  upload.body = std::move(form).finish();
  upload.trace = requests.front().trace;
  const auto file = co_await batch_object(client_, clock_, std::move(upload));

  ProviderCall start = batch_call(*provider_, http::Method::post, "/batches");
  start.trace = requests.front().trace;
  start.body = bj::serialize(
      bj::object{{"input_file_id", batch_id(member(*file, "id"), provider_->name)},
                 {"endpoint", "/v1/chat/completions"},
                 {"completion_window", "24h"},
                 {"output_expires_after", bj::object{{"anchor", "created_at"}, {"seconds", kKept.count()}}}});
  const auto batch = co_await batch_object(client_, clock_, std::move(start));
  co_return batch_id(member(*batch, "id"), provider_->name);
}

Task<BatchLook> OpenAiBatch::look(BatchTicket ticket) {
  BatchAnswers collected(ticket.entries, name());
  ProviderCall call = batch_call(*provider_, http::Method::get, "/batches/" + ticket.id);
  call.accepted = {404};
  auto batch = co_await batch_object(client_, clock_, std::move(call));
  const std::size_t all = ticket.entries.size();
  if (!batch) co_return BatchLook{all, std::move(collected).fail(batch_gone())};

  const std::string status(text_of(member(*batch, "status")));
  if (status == "failed") co_return BatchLook{all, std::move(collected).fail(refusal_of(*batch, provider_->name))};
  if (status == "completed" || status == "expired" || status == "cancelled")
    co_return BatchLook{all, co_await answers(std::move(*batch), std::move(collected))};
  if (status != "validating" && status != "in_progress" && status != "finalizing" && status != "cancelling")
    throw unusable("BAD_ANSWER", provider_->name, "a status that there is not");
  const auto* counts = member(*batch, "request_counts");
  const auto ended = wire::count_of(member(counts, "completed")) + wire::count_of(member(counts, "failed"));
  co_return BatchLook{std::min(static_cast<std::size_t>(ended), all), std::nullopt};
}

Task<std::vector<BatchAnswer>> OpenAiBatch::answers(bj::object batch, BatchAnswers collected) {
  const BatchAnswers::Read reading = [this](const bj::object& line) { return read(line); };
  bool gone = false;
  for (const auto* name : {"output_file_id", "error_file_id"}) {
    const auto* id = member(batch, name);
    if (id == nullptr) continue;
    ProviderCall call =
        batch_call(*provider_, http::Method::get, fmt::format("/files/{}/content", batch_id(id, provider_->name)));
    call.accepted = {404};
    if (!co_await read_batch_lines(client_, clock_, std::move(call), collected, reading)) gone = true;
  }
  const auto status = text_of(member(batch, "status"));
  co_return std::move(collected).finish(gone                    ? batch_gone()
                                        : status == "expired"   ? batch_expired()
                                        : status == "cancelled" ? batch_cancelled()
                                                                : unusable("NO_ANSWER", provider_->name, "no result"));
}

// Of the file of answers as of that of errors.
TextReply OpenAiBatch::read(const bj::object& line) const {
  if (const auto* error = member(line, "error")) throw failure_of(*error, provider_->name);
  const auto* response = member(line, "response");
  const auto* body = member(response, "body");
  if (body == nullptr) throw unusable("BAD_ANSWER", provider_->name, "neither an answer nor an error");
  const auto status = wire::count_of(member(response, "status_code"));
  if (status < 200 || status >= 300)
    throw error_of_status(static_cast<unsigned>(std::min<std::int64_t>(status, 599)), {}, bj::serialize(*body),
                          provider_->name, clock_.now());
  return provider_->dialect->read(bj::serialize(*body), provider_->name);
}

Task<void> OpenAiBatch::cancel(std::string id) {
  ProviderCall call = batch_call(*provider_, http::Method::post, "/batches/" + id + "/cancel");
  call.accepted = {400, 404, 409};  // it has ended
  co_await batch_object(client_, clock_, std::move(call));
}

}  // namespace odeon::ai
