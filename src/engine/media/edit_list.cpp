#include "engine/media/edit_list.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace odeon::media {

EditList::EditList(int rate, std::int64_t input_frames, std::vector<FrameRange> kept)
    : rate_(rate), input_frames_(input_frames) {
  std::int64_t last = 0, output = 0;
  for (const FrameRange& range : kept) {
    if (range.from < last || range.to < range.from || range.to > input_frames || rate <= 0)
      throw Error(Fault::invalid, "INVALID_EDIT_LIST", "The list of cuts does not fit its recording.");
    last = range.to;
    if (range.length() == 0) continue;
    if (!kept_.empty() && kept_.back().to == range.from) {
      kept_.back().to = range.to;
    } else {
      kept_.push_back(range);
      starts_.push_back(output);
    }
    output += range.length();
  }
}

std::int64_t EditList::output_frames() const {
  return kept_.empty() ? 0 : starts_.back() + kept_.back().length();
}

double EditList::removed_seconds() const {
  return static_cast<double>(input_frames_ - output_frames()) / rate_;
}

std::int64_t EditList::to_output(std::int64_t input_frame) const {
  const auto after = std::ranges::upper_bound(kept_, input_frame, {}, &FrameRange::from);
  if (after == kept_.begin()) return 0;
  const auto index = after - kept_.begin() - 1;
  return starts_[index] + std::min(input_frame - kept_[index].from, kept_[index].length());
}

std::int64_t EditList::to_input(std::int64_t output_frame) const {
  if (kept_.empty()) return 0;
  const auto after = std::ranges::upper_bound(starts_, output_frame);
  const auto index = std::max<std::int64_t>(after - starts_.begin() - 1, 0);
  const std::int64_t into = std::clamp<std::int64_t>(output_frame - starts_[index], 0, kept_[index].length());
  return kept_[index].from + into;
}

namespace {

std::int64_t frame_at(double seconds, int rate) {
  constexpr double limit = 1e15;  // frames: beyond any sound, and exact in both types
  return std::isnan(seconds) ? 0 : std::llround(std::clamp(seconds * rate, -limit, limit));
}

}  // namespace

double EditList::output_seconds(double input_seconds) const {
  return static_cast<double>(to_output(frame_at(input_seconds, rate_))) / rate_;
}

double EditList::input_seconds(double output_seconds) const {
  return static_cast<double>(to_input(frame_at(output_seconds, rate_))) / rate_;
}

}  // namespace odeon::media
