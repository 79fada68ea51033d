#include "products/briefings/narration.hpp"

#include "products/briefings/fit.hpp"

namespace odeon::briefings {
namespace {

constexpr std::size_t kCaptionColumns = 65;  // characters a line

std::vector<const Sentence*> sentences_of(const Script& script) {
  std::vector<const Sentence*> out;
  for (const auto& section : script.sections)
    for (const auto& sentence : section.sentences) out.push_back(&sentence);
  return out;
}

// Speaks the sentences of one script, several at once.
class Speakers {
 public:
  Speakers(ai::Gateway& gateway, const Script& script, const NarrationOptions& options, Share share)
      : gateway_(gateway), options_(options), share_(std::move(share)), sentences_(sentences_of(script)) {
    spoken_.resize(sentences_.size());
  }

  Task<std::vector<ai::Speech>> speak() {
    co_await speak_missing("");
    // The model that spoke last is the one that works now; the others' sentences are said again by it.
    const std::string model = last_model_;
    for (auto& speech : spoken_)
      if (speech && speech->model != model) speech.reset();
    co_await speak_missing(model);
    std::vector<ai::Speech> out;
    for (auto& speech : spoken_) out.push_back(std::move(*speech));
    co_return out;
  }

 private:
  Task<void> speak_missing(std::string model) {
    next_ = 0;
    std::vector<Task<void>> speakers;
    for (std::size_t i = 0; i < std::min(options_.at_once, sentences_.size()); ++i) speakers.push_back(run(model));
    co_await all_of(std::move(speakers));
  }

  Task<void> run(std::string model) {
    while (next_ < sentences_.size()) {
      const std::size_t at = next_++;
      if (spoken_[at]) continue;
      auto speech = co_await gateway_.speak({.text = sentences_[at]->text, .voice = options_.voice, .model = model});
      last_model_ = speech.model;
      spoken_[at] = std::move(speech);
      ++done_;
      if (std::exchange(sharing_, true)) continue;
      co_await share_(std::min(1.0, static_cast<double>(done_) / static_cast<double>(sentences_.size())));
      sharing_ = false;
    }
  }

  ai::Gateway& gateway_;
  const NarrationOptions& options_;
  Share share_;
  std::vector<const Sentence*> sentences_;
  std::vector<std::optional<ai::Speech>> spoken_;
  std::string last_model_;
  std::size_t next_ = 0, done_ = 0;
  bool sharing_ = false;
};

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

Task<Narration> narrate(ai::Gateway& gateway, Script script, NarrationOptions options, Share share) {
  Speakers speakers(gateway, script, options, std::move(share));
  auto spoken = co_await speakers.speak();
  std::vector<double> seconds;
  for (const auto& speech : spoken) seconds.push_back(speech.audio.seconds());
  const Fitted fitted = fit(script, seconds,
                            {.target_seconds = options.target_seconds,
                             .sentence_pause = media::natural_pause(media::Boundary::sentence),
                             .paragraph_pause = media::natural_pause(media::Boundary::paragraph),
                             .section_pause = media::natural_pause(media::Boundary::section)});
  Narration narration{.script = kept_script(script, fitted.kept), .seconds = fitted.seconds, .fits = fitted.within};
  for (std::size_t i = 0; i < spoken.size(); ++i) {
    narration.model = spoken[i].model;
    if (fitted.kept[i]) narration.sentences.push_back(std::move(spoken[i].audio));
  }
  co_return narration;
}

std::vector<media::Segment> segments_of(Narration narration, AdSlots slots) {
  std::vector<media::Segment> segments;
  const double around = media::natural_pause(media::Boundary::section);
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
  segments.push_back({.audio = std::move(slots.closing), .mark = "closing"});
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
