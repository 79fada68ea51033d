// Markdown as HTML for feeds, which players show (CommonMark, by cmark).
#pragma once

#include <string>
#include <string_view>

namespace odeon::feeds {

// The beginning of it, up to `most_bytes` of Markdown and whole lines. HTML in it is left out, and links that would run
// something lead nowhere.
std::string html_of_markdown(std::string_view markdown, std::size_t most_bytes);

}  // namespace odeon::feeds
