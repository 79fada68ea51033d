#include "products/briefings/audio/narration.hpp"

#include "products/briefings/audio/recording.hpp"
#include "products/briefings/script/fit.hpp"

namespace odeon::briefings {
namespace {

constexpr std::size_t kCaptionColumns = 65;  // characters a line

std::vector<const Sentence*> sentences_of(const Script& script) {
  std::vector<const Sentence*> out;
  for (const auto& section : script.sections)
    for (const auto& sentence : section.sentences) out.push_back(&sentence);
  return out;
}

// The pause before `next`, as fit counts it.
double pause_before(const Sentence* next, bool opens_section) {
  if (next == nullptr || opens_section) return media::natural_pause(media::Boundary::section);
  return media::natural_pause(next->level == 1 ? media::Boundary::paragraph : media::Boundary::sentence);
}

const media::Mark* find_mark(const media::Produced& produced, std::string_view name) {
  const auto found = std::ranges::find(produced.marks, name, &media::Mark::name);
  return found == produced.marks.end() ? nullptr : &*found;
}

std::string cue_time(double seconds) {
  const auto millis = static_cast<std::int64_t>(seconds * 1000 + 0.5);
  return fmt::format("{:02}:{:02}:{:02}.{:03}", millis / 3'600'000, millis / 60'000 % 60, millis / 1000 % 60,
                     millis % 1000);
}

std::string wrapped(const std::string& text) {
  std::string out;
  std::size_t column = 0;
  for (auto word : text::split(text, ' ')) {
    const std::size_t length = text::length(word);
    if (column > 0) {
      const bool breaks = column + 1 + length > kCaptionColumns;
      out += breaks ? '\n' : ' ';
      column = breaks ? 0 : column + 1;
    }
    out += word;
    column += length;
  }
  return out;
}

}  // namespace

Task<Narration> narrate(ai::Gateway& gateway, ThreadPool& pool, Script script, NarrationOptions options, Share share) {
  Recording recording(gateway, script, options, std::move(share));
  const FitOptions fitting{.target_seconds = options.target_seconds,
                           .sentence_pause = media::natural_pause(media::Boundary::sentence),
                           .paragraph_pause = media::natural_pause(media::Boundary::paragraph),
                           .section_pause = media::natural_pause(media::Boundary::section)};
  auto fit_to = [&](this auto, std::vector<double> seconds) -> Task<Fitted> {
    co_return co_await run_blocking(pool, [&] { return fit(script, seconds, fitting); });
  };
  // To speak is dear: first what should fill the time, then only as much more as it takes.
  std::vector<bool> wanted = (co_await fit_to(recording.seconds())).kept;
  Fitted fitted;
  for (;;) {
    co_await recording.speak(wanted);
    fitted = co_await fit_to(recording.spoken_seconds());
    if (fitted.within || recording.is_complete()) break;
    auto more = (co_await fit_to(recording.seconds())).kept;
    if (more == std::exchange(wanted, more)) wanted.assign(wanted.size(), true);
  }
  Narration narration{.script = kept_script(script, fitted.kept), .seconds = fitted.seconds, .fits = fitted.within};
  narration.model = recording.model();
  narration.sentences = recording.take(fitted.kept);
  co_return narration;
}

std::vector<media::Segment> segments_of(Narration narration, AdSlots slots) {
  std::vector<media::Segment> segments;
  const double around = media::natural_pause(media::Boundary::section);
  if (!slots.opening.samples.empty())
    segments.push_back({.audio = std::move(slots.opening), .pause_after = around, .mark = "opening"});
  const auto sentences = sentences_of(narration.script);
  std::size_t at = 0;
  for (const auto& section : narration.script.sections) {
    for (std::size_t i = 0; i < section.sentences.size(); ++i, ++at) {
      const bool last = i + 1 == section.sentences.size();
      segments.push_back({.audio = std::move(narration.sentences[at]),
                          .pause_after = pause_before(at + 1 < sentences.size() ? sentences[at + 1] : nullptr, last),
                          .chapter = i == 0 ? section.heading : "",
                          .mark = fmt::format("s{}", at)});
    }
  }
  if (!slots.closing.samples.empty()) segments.push_back({.audio = std::move(slots.closing), .mark = "closing"});
  return segments;
}

std::vector<AdMarker> ad_markers(const media::Produced& produced) {
  std::vector<AdMarker> markers;
  for (const char* name : {"opening", "closing"})
    if (const auto* mark = find_mark(produced, name)) markers.push_back({mark->start, mark->duration});
  return markers;
}

std::vector<Chapter> chapters_of(const media::Produced& produced) {
  std::vector<Chapter> chapters;
  for (const auto& chapter : produced.chapters) chapters.push_back({chapter.title, chapter.start});
  return chapters;
}

std::string captions(const Script& script, const media::Produced& produced) {
  std::string out = "WEBVTT\n";
  std::size_t at = 0;
  for (const auto* sentence : sentences_of(script)) {
    const auto* mark = find_mark(produced, fmt::format("s{}", at++));
    if (mark == nullptr) continue;
    out += fmt::format("\n{} --> {}\n{}\n", cue_time(mark->start), cue_time(mark->start + mark->duration),
                       wrapped(text::escape_html(sentence->text)));
  }
  return out;
}

}  // namespace odeon::briefings
