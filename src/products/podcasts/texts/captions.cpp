#include "products/podcasts/texts/captions.hpp"

#include <cmath>

namespace odeon::podcasts {
namespace {

constexpr CaptionLimits kVtt{.lines = 1, .width = 65}, kSrt{.lines = 2, .width = 32};
constexpr double kShortestCaption = 0.001;  // seconds

// "00:01:02,500"; the point is SubRip's comma or WebVTT's full stop.
std::string clock_time(double seconds, char point) {
  const auto all = std::llround(std::clamp(seconds, 0.0, 1e7) * 1000);
  return fmt::format("{:02}:{:02}:{:02}{}{:03}", all / 3'600'000, all / 60'000 % 60, all / 1000 % 60, point,
                     all % 1000);
}

// Pieces of a word that fit a line each, with their share of its time.
std::vector<ai::Spoken> fitting(const ai::Spoken& word, std::size_t width) {
  const std::size_t length = text::length(word.text);
  if (length <= width) return {word};
  std::vector<ai::Spoken> parts;
  std::string_view rest = word.text;
  const double rate = (word.end - word.start) / static_cast<double>(length);
  for (double at = word.start; !rest.empty();) {
    const auto part = text::prefix(rest, width);
    const double end = at + rate * static_cast<double>(text::length(part));
    parts.push_back({std::string(part), at, end});
    rest.remove_prefix(part.size());
    at = end;
  }
  return parts;
}

class CaptionWriter {
 public:
  explicit CaptionWriter(const CaptionLimits& limits) : limits_(limits) {}

  void add(const ai::Spoken& word) {
    const std::size_t length = text::length(word.text);
    const bool is_late = open_ && word.end - caption_.start > limits_.seconds;
    const bool fits = open_ && in_line_ + 1 + length <= limits_.width;
    if (!open_ || is_late || (!fits && caption_.lines.size() == limits_.lines)) {
      end();
      caption_ = {word.start, word.end, {word.text}};
      open_ = true;
      in_line_ = length;
    } else if (fits) {
      caption_.lines.back() += ' ' + word.text;
      in_line_ += 1 + length;
    } else {
      caption_.lines.push_back(word.text);
      in_line_ = length;
    }
    caption_.end = std::max({word.end, caption_.start + kShortestCaption, caption_.end});
  }
  void end() {
    if (std::exchange(open_, false)) all_.push_back(std::move(caption_));
  }
  std::vector<Caption> take() { return std::move(all_); }

 private:
  const CaptionLimits limits_;
  std::vector<Caption> all_;
  Caption caption_;
  std::size_t in_line_ = 0;  // characters of the last line
  bool open_ = false;
};

std::string lines_of(const Caption& caption) {
  return text::join(caption.lines, "\n");
}

std::string for_vtt(std::string text) {
  text = text::replace_all(std::move(text), "&", "&amp;");
  return text::replace_all(text::replace_all(std::move(text), "<", "&lt;"), ">", "&gt;");
}

// It has no way to write what players take for markup.
std::string for_srt(std::string text) {
  return text::replace_all(text::replace_all(std::move(text), "<", "‹"), ">", "›");
}

struct SegmentWritten {
  double startTime = 0, endTime = 0;
  std::string body;
};
BOOST_DESCRIBE_STRUCT(SegmentWritten, (), (startTime, endTime, body))
struct TranscriptWritten {
  std::string version = "1.0.0";
  std::vector<SegmentWritten> segments;
};
BOOST_DESCRIBE_STRUCT(TranscriptWritten, (), (version, segments))

}  // namespace

std::vector<Caption> captions(const TimedTranscript& transcript, const CaptionLimits& limits) {
  CaptionWriter writer(limits);
  for (const auto& segment : transcript.segments) {
    for (const auto& word : segment.words)
      for (const auto& part : fitting(word, limits.width)) writer.add(part);
    writer.end();
  }
  return writer.take();
}

std::string write_vtt(const TimedTranscript& transcript) {
  std::string out = "WEBVTT\n\n";
  for (const auto& caption : captions(transcript, kVtt))
    out += fmt::format("{} --> {}\n{}\n\n", clock_time(caption.start, '.'), clock_time(caption.end, '.'),
                       for_vtt(lines_of(caption)));
  return out;
}

std::string write_srt(const TimedTranscript& transcript) {
  std::string out;
  int number = 0;
  for (const auto& caption : captions(transcript, kSrt))
    out += fmt::format("{}\n{} --> {}\n{}\n\n", ++number, clock_time(caption.start, ','), clock_time(caption.end, ','),
                       for_srt(lines_of(caption)));
  return out;
}

std::string write_transcript_json(const TimedTranscript& transcript) {
  TranscriptWritten written;
  for (const auto& segment : transcript.segments)
    written.segments.push_back({segment.start(), segment.end(), segment.body()});
  return json::write(written);
}

}  // namespace odeon::podcasts
