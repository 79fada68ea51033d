#include "engine/ai/providers/sse_translator.hpp"

#include "base/json.hpp"
#include "engine/ai/providers/provider_errors.hpp"

namespace odeon::ai {

void SseTranslator::take(std::string_view bytes, TextEvents& events) {
  while (!finished_) {
    const auto event = next(bytes);
    if (!event) return;
    if (!event->data.empty()) this->event(*event, events);
  }
}

// One that is too large ends the answer, and not what was counted of it.
std::optional<http::ServerSentEvent> SseTranslator::next(std::string_view& bytes) {
  try {
    return parser_.next(bytes);
  } catch (const Error& error) {
    fail(error);
  }
}

void SseTranslator::end(TextEvents& events) {
  if (finished_) return;
  if (!ends_by_closing()) fail(unusable("STREAM_CUT", provider_, "the stream closed before its end"));
  finish(finish_, std::move(id_), events);
}

void SseTranslator::finish(Finish finish, std::string id, TextEvents& events) {
  finished_ = true;
  events.push_back(Finished{finish, usage_, std::move(id), std::move(stop_word_)});
}

boost::json::object SseTranslator::object_in(const std::string& data, boost::json::storage_ptr memory) const {
  boost::system::error_code fault;
  auto parsed = boost::json::parse(data, fault, std::move(memory));
  if (fault || !parsed.is_object()) fail(unusable("BAD_ANSWER", provider_, "an event that is not a JSON object"));
  return std::move(parsed.get_object());
}

void SseTranslator::fail(Error error) const {
  if (usage_.anything()) throw FailedAfterUse(std::move(error), usage_);
  throw error;
}

}  // namespace odeon::ai
