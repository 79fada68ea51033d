#include "engine/media/recording_section.hpp"

#include <algorithm>

#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

// In frames of MP3.
constexpr std::int64_t section_length = 320;  // eight seconds
constexpr std::int64_t warming = 4;           // that an encoder hears before the first of its own
constexpr std::int64_t lookahead = 3;         // that LAME wants to know of beyond those it gives
constexpr std::int64_t handful_seconds = 2;   // that are levelled at once
constexpr int max_attempts = 6;

}  // namespace

std::int64_t SectionPlan::count() const {
  return std::max<std::int64_t>(1, (sound.frames() / frame() + section_length / 2) / section_length);
}

Section::Section(const SectionPlan& plan, std::int64_t number, Reservoir reservoir, double ceiling)
    : plan_(plan),
      number_(number),
      first_(number * section_length),
      begin_(std::max<std::int64_t>(first_ - warming, 0)),
      last_(number + 1 == plan.count()),
      level_{plan.level.gain, ceiling},
      encoder_(plan.sound.rate(), plan.sound.channels(), plan.bitrate, reservoir),
      peak_(plan.sound.rate(), plan.sound.channels()),
      encoded_(begin_ * plan.frame()) {
  // Decoded sound comes late by the delay, which whoever plays the file leaves out at its start.
  const std::int64_t delay = frames().delay, end = first_ + section_length;
  from_ = number == 0 ? delay : (first_ - begin_) * plan.frame();
  to_ = last_ ? plan.sound.frames() - encoded_ + delay : (end - begin_) * plan.frame();
  heard_.reserve(static_cast<std::size_t>(to_ - from_) * plan.sound.channels());
}

void Section::reach(std::int64_t beyond) {
  const std::int64_t all = plan_.sound.frames(), end = first_ + section_length + beyond;
  const std::int64_t needed = last_ ? all : std::min((end + lookahead) * plan_.frame(), all);
  const auto enough = [&] { return !last_ && frames().sizes.size() >= index(end); };
  while (encoded_ < all && !enough()) {
    const std::int64_t most = handful_seconds * plan_.sound.rate();
    encode_to(std::min(encoded_ + std::clamp(needed - encoded_, plan_.frame(), most), all));
    decode_to(last_ ? frames().sizes.size() : std::min(frames().sizes.size(), index(end)));
  }
}

void Section::encode_to(std::int64_t end) {
  encoder_.add(level_out(plan_.sound, encoded_, end, level_).samples);
  encoded_ = end;
  if (end == plan_.sound.frames()) encoder_.finish();
}

void Section::decode_to(std::size_t count) {
  std::vector<float> samples;
  const int channels = frames().channels;
  const auto within = [&](std::int64_t from, std::int64_t to) {
    const std::int64_t frames = std::ssize(samples) / channels;
    const std::int64_t first = std::clamp<std::int64_t>(from - at_, 0, frames);
    const std::int64_t last = std::clamp<std::int64_t>(to - at_, first, frames);
    return std::span(samples).subspan(first * channels, (last - first) * channels);
  };
  for (; decoded_ < count; ++decoded_) {
    const auto size = static_cast<std::size_t>(frames().sizes[decoded_]);
    samples.clear();
    decoder_.add({frames().bytes.data() + bytes_, size}, samples);
    // With what lies before its part, since the wave between samples depends on it.
    peak_.add(within(from_ - plan_.frame(), std::numeric_limits<std::int64_t>::max()));
    const auto own = within(from_, to_);
    heard_.insert(heard_.end(), own.begin(), own.end());
    at_ += std::ssize(samples) / channels;
    bytes_ += size;
  }
}

double Section::over() {
  return to_decibels(peak()) - plan_.max_true_peak;
}

std::unique_ptr<Section> make_section(const SectionPlan& plan, std::int64_t number, Reservoir reservoir,
                                      std::int64_t beyond) {
  double ceiling = plan.level.ceiling;
  for (int attempt = 1;; ++attempt) {
    auto section = std::make_unique<Section>(plan, number, reservoir, ceiling);
    section->reach(beyond);
    const double over = section->over();
    if (over <= 0 || attempt == max_attempts) return section;
    ceiling *= from_decibels(-over - 0.1);
  }
}

}  // namespace odeon::media
