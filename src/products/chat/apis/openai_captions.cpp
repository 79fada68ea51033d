#include "products/chat/apis/openai_captions.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/text.hpp"

namespace odeon::chat {
namespace {

// "00:01:02,500"; the point is SubRip's comma or WebVTT's full stop.
std::string clock_time(double seconds, char point) {
  const auto all = std::llround(std::clamp(seconds, 0.0, 1e7) * 1000);
  return fmt::format("{:02}:{:02}:{:02}{}{:03}", all / 3'600'000, all / 60'000 % 60, all / 1000 % 60, point,
                     all % 1000);
}

std::string span_of(const ai::Spoken& said, char point) {
  return clock_time(said.start, point) + " --> " + clock_time(said.end, point);
}

}  // namespace

std::vector<ai::Spoken> timed_segments(const ai::Transcript& heard) {
  if (!heard.segments.empty()) return heard.segments;
  const double end = heard.seconds > 0 || heard.words.empty() ? heard.seconds : heard.words.back().end;
  if (heard.text.empty() || !(end > 0)) return {};
  return {{heard.text, 0, end}};
}

// An empty line would end a caption.
std::string srt_of(const std::vector<ai::Spoken>& said) {
  std::string out;
  int number = 0;
  for (const auto& each : said)
    out += fmt::format("{}\n{}\n{}\n\n", ++number, span_of(each, ','), text::collapse_spaces(each.text));
  return out;
}

std::string vtt_of(const std::vector<ai::Spoken>& said) {
  std::string out = "WEBVTT\n\n";
  for (const auto& each : said) {
    std::string words = text::replace_all(text::collapse_spaces(each.text), "&", "&amp;");
    words = text::replace_all(text::replace_all(std::move(words), "<", "&lt;"), ">", "&gt;");
    out += span_of(each, '.') + "\n" + words + "\n\n";
  }
  return out;
}

}  // namespace odeon::chat
