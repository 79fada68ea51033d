#include "engine/ai/providers/remote_text.hpp"

#include "base/text.hpp"
#include "engine/ai/providers/checked_reply.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kMaxErrorAnswer = 64 << 10, kMaxAnswer = 64 << 20;
// What one read takes at most: providers send a few hundred bytes at a time, unless they are fast or we are late.
constexpr std::size_t kFirstRead = 512, kMostRead = 16 << 10;
constexpr std::chrono::seconds kDrainTime{1};

std::string_view type_of(const http::Headers& headers) {
  const std::string_view type = headers.get("Content-Type");
  return text::trim(type.substr(0, type.find(';')));
}

class RemoteStream final : public TextStream {
 public:
  RemoteStream(std::unique_ptr<ByteSource> body, std::shared_ptr<const Provider> provider,
               std::unique_ptr<StreamTranslator> translator)
      : body_(std::move(body)), provider_(std::move(provider)), translator_(std::move(translator)) {}

  Task<TextEvents> next() override {
    TextEvents events;
    const auto since = std::chrono::steady_clock::now();
    while (events.empty() && !over_) {
      if (failure_) std::rethrow_exception(failure_);
      std::size_t read = 0;
      try {
        read = co_await body_->read(bytes_);
      } catch (...) {
        failure_ = as_cut(std::current_exception());
      }
      if (!failure_) take(std::string_view(bytes_.data(), read), events);
      // The connection was kept warm, but nobody speaks.
      if (events.empty() && !over_ && !failure_ && std::chrono::steady_clock::now() - since > provider_->first_word)
        failure_ = as_cut(std::make_exception_ptr(Error(Fault::timeout, "STREAM_SILENT", "no word for too long")));
      if (failure_) body_.reset();
      if (read == bytes_.size() && read < kMostRead) bytes_.resize(2 * bytes_.size());
    }
    if (events.empty()) co_await drain();
    co_return events;
  }
  Usage used() const override { return translator_->used(); }

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
    if (!body_) co_return;
    auto rest = co_await settle(with_timeout(kDrainTime, read_all(*body_, kMaxErrorAnswer)));
    body_.reset();
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

  std::unique_ptr<ByteSource> body_;
  std::shared_ptr<const Provider> provider_;
  std::unique_ptr<StreamTranslator> translator_;
  std::vector<char> bytes_ = std::vector<char>(kFirstRead);
  std::exception_ptr failure_;
  bool over_ = false;
};

}  // namespace

RemoteText::RemoteText(http::Client& client, const Clock& clock, std::shared_ptr<const Provider> provider,
                       ModelTraits model)
    : client_(client),
      clock_(clock),
      provider_(std::move(provider)),
      model_(std::move(model)),
      name_(provider_->name + "/" + model_.id) {}

std::int64_t RemoteText::room_to_think(const TextRequest& request) const {
  const std::int64_t room = provider_->dialect->room_to_think(request, model_);
  return model_.max_output > 0 ? std::clamp<std::int64_t>(model_.max_output - request.max_tokens, 0, room) : room;
}

ProviderCall RemoteText::call(const TextRequest& request, TraceContext place, bool streamed) const {
  WireRequest wire = provider_->dialect->write(request, model_, streamed);
  return {.provider = provider_->name,
          .url = provider_address(provider_->base_url, wire.path),
          .headers = std::move(wire.headers),
          .credentials = provider_->credentials,
          .body = std::move(wire.body),
          .limit = provider_->limit,
          .max_answer = kMaxAnswer,
          .at_risk = {.input_tokens = request.input_tokens},
          .may_write = streamed ? 0 : request.max_tokens,
          .trace = place};
}

Task<TextReply> RemoteText::complete(const TextRequest& request, TraceContext place) {
  const auto answer = co_await call_provider(client_, clock_, call(request, place, false));
  TextReply reply = provider_->dialect->read(answer.body, provider_->name);
  reply.model = name_;
  co_return checked_reply(std::move(reply), wanted_of(request), provider_->name);
}

Task<std::unique_ptr<TextStream>> RemoteText::stream(const TextRequest& request, TraceContext place) {
  auto asking = call(request, place, true);
  asking.headers.set("Accept", std::string(provider_->dialect->stream_type()));
  asking.limit = provider_->first_byte;
  auto response = co_await open_provider(client_, clock_, std::move(asking));
  const auto type = type_of(response.headers);
  if (text::equals_ignoring_case(type, provider_->dialect->stream_type()))
    co_return std::make_unique<RemoteStream>(std::move(response.body), provider_,
                                             provider_->dialect->translator(provider_->name));
  // Some answer at once although they were asked to stream, or with an error that claims to be a success.
  if (!text::equals_ignoring_case(type, "application/json"))
    throw unusable("BAD_ANSWER", provider_->name, "neither a stream nor JSON");
  auto body = co_await settle(with_timeout(provider_->limit, read_all(*response.body, kMaxAnswer)));
  if (!body) throw cut_off(body.error(), provider_->name);
  co_return stream_of(provider_->dialect->read(*body, provider_->name));
}

}  // namespace odeon::ai
