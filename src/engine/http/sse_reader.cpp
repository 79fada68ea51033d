#include "engine/http/sse_reader.hpp"

#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::http {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Where the line ends: the first CR or LF. Both searches are memchr, which is what makes this fast.
std::size_t line_end(std::string_view bytes) {
  const std::size_t lf = bytes.find('\n');
  return std::min(lf, bytes.substr(0, lf).find('\r'));
}

}  // namespace

// Whether parsing can go on. The mark may come in pieces; a false start belongs to the first line.
bool EventStreamParser::skip_byte_order_mark(std::string_view& bytes) {
  while (mark_bytes_ < kByteOrderMark.size() && !bytes.empty()) {
    if (bytes.front() != kByteOrderMark[mark_bytes_]) {
      line_ = kByteOrderMark.substr(0, mark_bytes_);
      mark_bytes_ = kByteOrderMark.size();
      return true;
    }
    ++mark_bytes_;
    bytes.remove_prefix(1);
  }
  return mark_bytes_ == kByteOrderMark.size();
}

std::optional<ServerSentEvent> EventStreamParser::next(std::string_view& bytes) {
  if (!skip_byte_order_mark(bytes)) return std::nullopt;
  while (!bytes.empty()) {
    if (std::exchange(after_cr_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const std::size_t end = line_end(bytes);
    const std::string_view part = bytes.substr(0, end);
    event_bytes_ += part.size();
    if (event_bytes_ > max_event_bytes_)
      throw Error(Fault::upstream, "EVENT_TOO_LARGE", "A service that is needed for this sent an unusable answer.")
          .with_detail(fmt::format("an event of more than {} bytes", max_event_bytes_));
    if (end == std::string_view::npos) {
      line_ += part;
      bytes = {};
      break;
    }
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    if (line_.empty() && part.empty()) {
      if (auto event = dispatch()) return event;
    } else if (line_.empty()) {
      take_line(part);
    } else {
      line_ += part;
      take_line(line_);
      line_.clear();
    }
  }
  return std::nullopt;
}

void EventStreamParser::take_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == 0) {  // a comment, often sent for ever to keep the connection alive
    event_bytes_ -= line.size();
    return;
  }
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  take_field(line.substr(0, colon), value);
}

void EventStreamParser::take_field(std::string_view name, std::string_view value) {
  if (name == "data") {
    if (has_data_) data_ += '\n';
    data_ += value;
    has_data_ = true;
  } else if (name == "event") {
    event_ = value;
  } else if (name == "id") {
    if (!value.contains('\0')) id_ = text::to_valid_utf8(value);
  } else if (name == "retry") {
    std::uint32_t milliseconds = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), milliseconds);
    if (!value.empty() && failure == std::errc() && end == value.data() + value.size())
      retry_ = std::chrono::milliseconds(milliseconds);
  }
}

std::optional<ServerSentEvent> EventStreamParser::dispatch() {
  event_bytes_ = 0;
  ServerSentEvent event{std::exchange(event_, {}), std::exchange(data_, {}), id_};
  if (!std::exchange(has_data_, false)) return std::nullopt;
  event.event = event.event.empty() ? "message" : text::to_valid_utf8(event.event);
  if (!text::is_utf8(event.data)) event.data = text::to_valid_utf8(event.data);
  return event;
}

Task<std::optional<ServerSentEvent>> SseReader::next() {
  for (;;) {
    if (auto event = parser_.next(unread_)) co_return event;
    const std::size_t count = co_await source_.read(buffer_);
    if (count == 0) co_return std::nullopt;
    unread_ = std::string_view(buffer_.data(), count);
  }
}

}  // namespace odeon::http
