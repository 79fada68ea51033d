// A translator of an answer that comes as server-sent events: most do. Keeps what every dialect needs to keep.
#pragma once

#include "engine/ai/providers/dialect.hpp"
#include "engine/http/sse_reader.hpp"

namespace odeon::ai {

class SseTranslator : public StreamTranslator {
 public:
  explicit SseTranslator(std::string provider) : provider_(std::move(provider)) {}
  void take(std::string_view bytes, TextEvents& events) final;
  void end(TextEvents& events) final;
  Usage used() const final { return usage_; }

 protected:
  // One event of the provider's; `data` is never empty.
  virtual void event(const http::ServerSentEvent& event, TextEvents& events) = 0;
  // Whether the close of the stream is a proper end here, seen what came before.
  virtual bool ends_by_closing() const { return false; }
  // To be called by `event` where the answer ends: what follows is ignored.
  void finish(Finish finish, std::string id, TextEvents& events);

  // `data` as a JSON object that lies in `memory`, or FailedAfterUse{upstream, "BAD_ANSWER"}.
  boost::json::object object_in(const std::string& data, boost::json::storage_ptr memory = {}) const;
  // As FailedAfterUse once anything was counted.
  [[noreturn]] void fail(Error error) const;

  const std::string provider_;
  Usage usage_;
  Finish finish_ = Finish::stop;  // said ahead of the end
  std::string id_, stop_word_;

 private:
  std::optional<http::ServerSentEvent> next(std::string_view& bytes);

  http::EventStreamParser parser_{kMaxEvent};
  bool finished_ = false;

  static constexpr std::size_t kMaxEvent = 16 << 20;  // a picture comes as one
};

}  // namespace odeon::ai
