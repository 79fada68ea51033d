#include "engine/media/pauses.hpp"

#include <algorithm>
#include <cmath>

#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

// In hundredths of dB, as the levels are.
constexpr int unrecorded = -9000;                      // what is quieter was not recorded
constexpr int least_contrast = 1800;                   // from a pause up to speech
constexpr int least_margin = 500, most_margin = 1000;  // from the floor up to what is heard
constexpr int most_below_loudest = 1200;               // speech that is further below the rest of the recording is none

constexpr std::size_t window = 500, reach = 1500;  // steps that share a threshold; steps on both sides that decide it
constexpr std::size_t vote = 5;                    // steps, of which most decide: what is shorter is a click
constexpr std::size_t fading = 12, beginning = 8;  // steps that still belong to the word before, and to the one after
constexpr std::size_t shortest_pause = 20;         // steps

int share(std::vector<std::int16_t>& levels, double part) {
  if (levels.empty()) return unrecorded;
  const auto place = levels.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(levels.size() - 1));
  std::ranges::nth_element(levels, place);
  return *place;
}

std::vector<std::int16_t> recorded(std::span<const std::int16_t> levels) {
  std::vector<std::int16_t> result;
  result.reserve(levels.size());
  std::ranges::copy_if(levels, std::back_inserter(result), [](int level) { return level > unrecorded; });
  return result;
}

// Marks the steps that are above their surroundings' floor, and all where the rest is not `contrast` above the floor.
void mark_heard(const std::vector<std::int16_t>& levels, int contrast, std::vector<char>& heard) {
  std::vector<std::int16_t> all = recorded(levels);
  const int loud = share(all, 0.95) - most_below_loudest;
  for (std::size_t start = 0; start < levels.size(); start += window) {
    const std::size_t end = std::min(start + window, levels.size());
    const std::size_t from = start > reach ? start - reach : 0, to = std::min(end + reach, levels.size());
    std::vector<std::int16_t> around = recorded(std::span(levels).subspan(from, to - from));
    const int floor = share(around, 0.1), speech = std::max(share(around, 0.95), loud);
    const int margin = std::clamp((speech - floor) / 3, least_margin, most_margin);
    const int threshold = contrast > 0 ? std::min(floor + margin, speech - contrast) : floor + margin;
    for (std::size_t i = start; i < end; ++i) heard[i] |= levels[i] > threshold;
  }
}

std::vector<char> majority(const std::vector<char>& heard) {
  std::vector<char> result(heard.size());
  std::size_t sum = 0;
  for (std::size_t i = 0; i < heard.size() + vote / 2; ++i) {
    if (i < heard.size()) sum += heard[i];
    if (i >= vote) sum -= heard[i - vote];
    if (i >= vote / 2) result[i - vote / 2] = sum > vote / 2;
  }
  return result;
}

struct Steps {
  std::size_t from, to;
};

std::vector<Steps> quiet_runs(const std::vector<char>& heard) {
  std::vector<Steps> result;
  for (std::size_t i = 0; i < heard.size(); ++i) {
    if (heard[i]) continue;
    if (i == 0 || heard[i - 1]) result.push_back({i, i});
    result.back().to = i + 1;
  }
  return result;
}

}  // namespace

std::vector<FrameRange> find_pauses(const Activity& activity) {
  std::vector<char> heard(activity.steps());
  mark_heard(activity.body, least_contrast, heard);
  mark_heard(activity.hiss, 0, heard);  // which drowns in noise where there is much, and then tells nothing
  heard = majority(heard);
  std::vector<FrameRange> pauses;
  for (const Steps& quiet : quiet_runs(heard)) {
    const std::size_t from = quiet.from == 0 ? 0 : quiet.from + fading;
    const std::size_t to = quiet.to == heard.size() ? quiet.to : quiet.to - std::min(beginning, quiet.to);
    if (to < from + shortest_pause) continue;
    pauses.push_back({static_cast<std::int64_t>(from) * activity.step,
                      std::min(static_cast<std::int64_t>(to) * activity.step, activity.frames)});
  }
  return pauses;
}

EditList shorten_pauses(const Activity& activity, const std::vector<FrameRange>& pauses,
                        const ShortenOptions& options) {
  constexpr double of_the_excess = 1.0 / 7, most_excess = 0.5, after_the_word = 0.6, least_cut = 0.25;
  const int rate = activity.rate;
  const auto frames = [&](double seconds) { return std::llround(seconds * rate); };
  std::vector<FrameRange> kept;
  std::int64_t from = 0;
  for (const FrameRange& pause : pauses) {
    const bool at_start = pause.from == 0, at_end = pause.to == activity.frames;
    if (at_start && at_end) break;  // nobody speaks at all: nothing to judge by
    const double length = static_cast<double>(pause.length()) / rate;
    double stays = options.longest_pause + std::min((length - options.longest_pause) * of_the_excess, most_excess);
    if (at_start) stays = options.at_ends;
    if (at_end) stays = 2 * options.at_ends;
    if (length - stays < least_cut) continue;
    const std::int64_t after = frames(at_start ? 0 : at_end ? stays : stays * after_the_word);
    kept.push_back({from, pause.from + after});
    from = pause.to - (frames(stays) - after);
  }
  kept.push_back({from, activity.frames});
  return {rate, activity.frames, std::move(kept)};
}

double noise_floor(const Activity& activity, const std::vector<FrameRange>& pauses) {
  double power = 0, count = 0;
  for (const FrameRange& pause : pauses)
    for (std::int64_t i = pause.from / activity.step; i * activity.step < pause.to; ++i) {
      if (activity.body[i] <= unrecorded) continue;
      power += std::pow(10.0, activity.body[i] / 1000.0);
      count += 1;
    }
  if (count > 0) return to_decibels(std::sqrt(power / count));
  std::vector<std::int16_t> levels = recorded(activity.body);
  return levels.empty() ? to_decibels(0) : share(levels, 0.05) / 100.0;
}

}  // namespace odeon::media
