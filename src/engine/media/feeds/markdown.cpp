#include "engine/media/feeds/markdown.hpp"

#include <cmark.h>

#include <cstdlib>
#include <memory>

namespace odeon::feeds {
namespace {

std::string_view whole_lines(std::string_view markdown, std::size_t most_bytes) {
  if (markdown.size() <= most_bytes) return markdown;
  const auto end = markdown.rfind('\n', most_bytes);
  return markdown.substr(0, end == std::string_view::npos ? 0 : end);
}

}  // namespace

std::string html_of_markdown(std::string_view markdown, std::size_t most_bytes) {
  const auto lines = whole_lines(markdown, most_bytes);
  // Unless it is told otherwise, it is careful with HTML and links.
  const std::unique_ptr<char, decltype(&std::free)> html(
      cmark_markdown_to_html(lines.data(), lines.size(), CMARK_OPT_VALIDATE_UTF8), &std::free);
  return html.get();
}

}  // namespace odeon::feeds
