#include "products/stories/showing.hpp"

#include <algorithm>

namespace odeon::stories {

SceneTold told_scene(const StoryScene& scene) {
  return {scene.text,
          scene.place,
          scene.time,
          scene.mood,
          static_cast<std::int64_t>(scene.offset),
          static_cast<std::int64_t>(scene.words),
          scene.language};
}

// Where none is told: what has a place was composed, and that is in English.
StoryScene scene_from(const SceneTold& scene, Language story) {
  return {.text = scene.text,
          .place = scene.place,
          .time = scene.time,
          .mood = scene.mood,
          .offset = static_cast<std::size_t>(scene.offset),
          .words = static_cast<std::size_t>(scene.words),
          .language = scene.language.value_or(scene.place.empty() ? story : Language::en)};
}

bool is_narrated(const TaleRow& tale) {
  if (!tale.narrated) return false;
  return std::ranges::equal(sentences_of(tale.content, tale.language), *tale.narrated,
                            [&](const Span& span, const SentenceSpoken& spoken) {
                              return tale.content.compare(span.offset, span.length, spoken.text) == 0;
                            });
}

ReadAlong along(const TaleRow& tale) {
  if (!is_narrated(tale)) return read_along(tale.content, tale.language, estimated_times(tale.content, tale.language));
  std::vector<SentenceTime> times;
  for (const auto& sentence : *tale.narrated) times.push_back({sentence.start, sentence.end});
  return read_along(tale.content, tale.language, times);
}

double seconds_of(const TaleRow& tale) {
  if (tale.audio_seconds) return *tale.audio_seconds;
  const auto times = estimated_times(tale.content, tale.language);
  return times.empty() ? 0 : times.back().end;
}

std::vector<SceneTold> timed_scenes(const TaleRow& tale, const std::vector<IllustrationRow>& pictures) {
  std::vector<SceneTold> scenes;
  const auto places = along(tale);
  if (places.sentences.empty()) return scenes;
  for (const auto& picture : pictures) {
    if (!picture.is_timed) return {};
    // The sentence that is being read then, and the next, which often tells what is to be seen.
    auto at = std::ranges::upper_bound(places.sentences, picture.starts_at, {}, &TimedSpan::start);
    if (at != places.sentences.begin()) --at;
    auto last = at;
    if (std::next(last) != places.sentences.end()) ++last;
    scenes.push_back({.text = tale.content.substr(at->offset, last->offset + last->length - at->offset),
                      .offset = static_cast<std::int64_t>(at->offset),
                      .language = tale.language});
  }
  return scenes;
}

std::vector<Showing> showings(const TaleRow& tale, const std::vector<IllustrationRow>& pictures) {
  const auto places = along(tale);
  const double end = seconds_of(tale);
  std::vector<Showing> all;
  for (const auto& picture : pictures) {
    const double at =
        picture.is_timed ? picture.starts_at : second_of(scene_from(picture.scene, tale.language), places);
    all.push_back({picture.id, std::min(at, end), 0});
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i].seconds = std::max(0.0, (i + 1 < all.size() ? all[i + 1].starts_at : end) - all[i].starts_at);
  return all;
}

}  // namespace odeon::stories
