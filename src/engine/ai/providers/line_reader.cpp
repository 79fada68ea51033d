#include "engine/ai/providers/line_reader.hpp"

#include <utility>

namespace odeon::ai {

// Whether the line may be given out now that it has ended.
bool LineReader::take(std::string_view piece) {
  too_long_ = too_long_ || line_.size() + piece.size() > limits_.line;
  if (too_long_)
    line_.clear();
  else
    line_.append(piece);
  return !too_long_;
}

Task<std::optional<std::string>> LineReader::next() {
  while (true) {
    if (unread_.empty()) {
      const std::size_t room = std::min(buffer_.size(), limits_.all - read_);
      const std::size_t got = room == 0 ? 0 : co_await source_.read(std::span(buffer_).first(room));
      read_ += got;
      unread_ = {buffer_.data(), got};
      if (got == 0) {
        if (line_.empty()) co_return std::nullopt;
        co_return std::exchange(line_, {});
      }
    }
    const std::size_t end = unread_.find('\n');
    const bool fits = take(unread_.substr(0, end));
    unread_.remove_prefix(end == std::string_view::npos ? unread_.size() : end + 1);
    if (end == std::string_view::npos) continue;
    too_long_ = false;
    if (!fits) continue;
    if (line_.ends_with('\r')) line_.pop_back();
    co_return std::exchange(line_, {});
  }
}

}  // namespace odeon::ai
