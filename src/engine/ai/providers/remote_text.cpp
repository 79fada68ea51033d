#include "engine/ai/providers/remote_text.hpp"

#include <array>

#include "base/json.hpp"
#include "base/text.hpp"
#include "engine/ai/providers/provider_errors.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMaxErrorAnswer = 64 << 10, kMaxAnswer = 64 << 20;
// What one read takes at most. Providers send a few hundred bytes at a time.
constexpr std::size_t kRead = 4 << 10;
constexpr std::chrono::seconds kDrainTime{1};

bool is_success(unsigned status) {
  return status >= 200 && status < 300;
}

std::string_view type_of(const http::Headers& headers) {
  const std::string_view type = headers.get("Content-Type");
  return text::trim(type.substr(0, type.find(';')));
}

std::string address(std::string_view base, std::string_view path) {
  while (base.ends_with('/')) base.remove_suffix(1);
  return std::string(base).append(path);
}

// Models like to wrap JSON in a Markdown fence.
std::string without_fence(std::string_view text) {
  text = text::trim(text);
  if (!text.starts_with("```") || !text.ends_with("```") || text.size() < 6) return std::string(text);
  text.remove_suffix(3);
  const std::size_t line = text.find('\n');
  return line == std::string_view::npos ? "" : std::string(text::trim(text.substr(line + 1)));
}

bool is_json(std::string_view text) {
  boost::system::error_code fault;
  boost::json::parse(text, fault);
  return !fault;
}

bool says_anything(const TextReply& reply) {
  return std::ranges::any_of(reply.message.parts, [](const Part& part) {
    const auto* piece = std::get_if<TextPart>(&part);
    return std::holds_alternative<ToolCall>(part) || (piece != nullptr && !text::trim(piece->text).empty());
  });
}

// An answer that keeps what the request asked of its form.
TextReply checked(TextReply reply, const TextRequest& request, const std::string& provider) {
  if (reply.finish == Finish::declined) return reply;
  const bool cut = reply.finish == Finish::length;
  if (!says_anything(reply))
    throw FailedAfterUse(unusable("NO_TEXT", provider, cut ? "stopped before any text" : "no text"), reply.usage);
  for (auto& part : reply.message.parts) {
    auto* piece = std::get_if<TextPart>(&part);
    if (piece == nullptr) continue;
    if (!text::is_utf8(piece->text)) piece->text = text::to_valid_utf8(piece->text);
    if (request.form.kind == AnswerForm::Kind::text) continue;
    piece->text = without_fence(piece->text);
    if (!is_json(piece->text))
      throw FailedAfterUse(unusable("NOT_JSON", provider, cut ? "cut off JSON" : "not JSON"), reply.usage);
  }
  return reply;
}

class RemoteStream final : public TextStream {
 public:
  RemoteStream(http::ClientResponse response, std::shared_ptr<const Provider> provider,
               std::unique_ptr<StreamTranslator> translator)
      : response_(std::move(response)), provider_(std::move(provider)), translator_(std::move(translator)) {}

  Task<TextEvents> next() override {
    TextEvents events;
    while (events.empty() && !over_) {
      if (failure_) std::rethrow_exception(failure_);
      std::array<char, kRead> bytes;
      auto read = co_await settle(with_timeout(provider_->silence, response_.body->read(bytes)));
      if (read)
        take(std::string_view(bytes.data(), *read), events);
      else
        failure_ = as_cut(read.error());
      if (failure_) response_.body.reset();
    }
    if (events.empty()) co_await drain();
    co_return events;
  }

 private:
  // What came before a fault is passed on; the fault is what comes next.
  void take(std::string_view bytes, TextEvents& events) {
    try {
      if (bytes.empty())
        translator_->end(events);
      else
        translator_->take(bytes, events);
    } catch (...) {
      failure_ = std::current_exception();
    }
    over_ = !events.empty() && std::holds_alternative<Finished>(events.back());
  }

  // Reads what the provider may still send, so that the connection can be used again.
  Task<void> drain() {
    if (!response_.body) co_return;
    auto rest = co_await settle(with_timeout(kDrainTime, read_all(*response_.body, kMaxErrorAnswer)));
    response_.body.reset();
  }

  // With what was used, once anything was counted.
  std::exception_ptr as_cut(std::exception_ptr failure) const {
    try {
      std::rethrow_exception(failure);
    } catch (const Error& error) {
      Error cut = unusable("STREAM_CUT", provider_->name, describe(failure));
      cut.fault = error.fault;
      const Usage used = translator_->used();
      return used.anything() ? std::make_exception_ptr(FailedAfterUse(cut, used)) : std::make_exception_ptr(cut);
    } catch (...) {
      return failure;
    }
  }

  http::ClientResponse response_;
  std::shared_ptr<const Provider> provider_;
  std::unique_ptr<StreamTranslator> translator_;
  std::exception_ptr failure_;
  bool over_ = false;
};

}  // namespace

RemoteText::RemoteText(http::Client& client, const Clock& clock, std::shared_ptr<const Provider> provider,
                       ModelTraits model)
    : client_(client), clock_(clock), provider_(std::move(provider)), model_(std::move(model)) {}

std::string RemoteText::name() const {
  return provider_->name + "/" + model_.id;
}

Task<http::ClientResponse> RemoteText::send(WireRequest wire, TraceContext trace,
                                            std::chrono::steady_clock::duration limit, bool streamed) {
  http::ClientRequest request{.method = http::Method::post,
                              .url = address(provider_->base_url, wire.path),
                              .headers = std::move(wire.headers),
                              .body = std::move(wire.body)};
  request.headers.set("Content-Type", "application/json");
  if (streamed) request.headers.set("Accept", std::string(provider_->dialect->stream_type()));
  if (trace.valid()) request.headers.set("traceparent", trace.traceparent());
  const auto until = std::chrono::steady_clock::now() + limit;
  if (provider_->credentials) co_await with_timeout(limit, provider_->credentials->add_to(request));
  auto response = co_await with_timeout(until - std::chrono::steady_clock::now(), client_.send(std::move(request)));
  if (is_success(response.status)) co_return response;
  auto answer = co_await settle(
      with_timeout(until - std::chrono::steady_clock::now(), read_all(*response.body, kMaxErrorAnswer)));
  if (response.status == 401 && provider_->credentials) provider_->credentials->refused();
  throw error_of_status(response.status, response.headers, answer.value_or(""), provider_->name, clock_.now());
}

Task<TextReply> RemoteText::complete(TextRequest request) {
  const auto until = std::chrono::steady_clock::now() + provider_->limit;
  auto response =
      co_await send(provider_->dialect->write(request, model_, false), request.trace, provider_->limit, false);
  auto body =
      co_await settle(with_timeout(until - std::chrono::steady_clock::now(), read_all(*response.body, kMaxAnswer)));
  if (!body) throw cut_off(body.error(), provider_->name);
  TextReply reply = provider_->dialect->read(*body, provider_->name);
  reply.model = name();
  co_return checked(std::move(reply), request, provider_->name);
}

Task<std::unique_ptr<TextStream>> RemoteText::stream(TextRequest request) {
  auto response =
      co_await send(provider_->dialect->write(request, model_, true), request.trace, provider_->first_byte, true);
  const auto type = type_of(response.headers);
  if (text::equals_ignoring_case(type, provider_->dialect->stream_type()))
    co_return std::make_unique<RemoteStream>(std::move(response), provider_,
                                             provider_->dialect->translator(provider_->name));
  // Some answer at once although they were asked to stream, or with an error that claims to be a success.
  if (!text::equals_ignoring_case(type, "application/json"))
    throw unusable("BAD_ANSWER", provider_->name, "neither a stream nor JSON");
  auto body = co_await settle(with_timeout(provider_->limit, read_all(*response.body, kMaxAnswer)));
  if (!body) throw cut_off(body.error(), provider_->name);
  co_return stream_of(provider_->dialect->read(*body, provider_->name));
}

}  // namespace odeon::ai
