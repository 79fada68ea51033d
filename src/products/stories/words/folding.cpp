#include "products/stories/words/folding.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "base/text.hpp"

namespace odeon::stories {

namespace {

std::string mapped_by(std::string_view text, int options) {
  const std::string valid = text::to_valid_utf8(text);
  utf8proc_uint8_t* mapped = nullptr;
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()),
                                   static_cast<utf8proc_ssize_t>(valid.size()), &mapped,
                                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
                                                                  UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(mapped, &std::free);
  if (length < 0) return valid;
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length));
}

}  // namespace

std::string folded(std::string_view text) {
  return mapped_by(text, UTF8PROC_STRIPMARK);
}

std::string small(std::string_view text) {
  return mapped_by(text, 0);
}

std::vector<std::string> folded_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  auto flush = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (const char c : folded(text)) {
    const auto byte = static_cast<std::uint8_t>(c);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || byte >= 0x80)
      word += c;
    else
      flush();
  }
  flush();
  return words;
}

}  // namespace odeon::stories
