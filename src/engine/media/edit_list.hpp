// What is left of a recording when its silences are shortened: the one truth by which sound is cut, and by which
// chapters, transcripts and marks made on either side of the cut find their place on the other.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <vector>

namespace odeon::media {

// Frames from `from` up to, not including, `to`.
struct FrameRange {
  std::int64_t from = 0;
  std::int64_t to = 0;

  std::int64_t length() const { return to - from; }
  bool operator==(const FrameRange&) const = default;
};
BOOST_DESCRIBE_STRUCT(FrameRange, (), (from, to))

// Ranges of the input that follow one another in the output. Both mappings are monotone and take whatever lies outside
// to the nearest end. Immutable, so any thread may ask.
class EditList {
 public:
  EditList() = default;  // of nothing
  // Keeps everything.
  EditList(int rate, std::int64_t input_frames) : EditList(rate, input_frames, {{0, input_frames}}) {}
  // `kept` is ascending, within the input and without overlaps; empty ranges are dropped, touching ones joined. Throws
  // Error{invalid} for anything else, since lists are stored and come back.
  EditList(int rate, std::int64_t input_frames, std::vector<FrameRange> kept);

  int rate() const { return rate_; }  // Hz, of both sides
  std::int64_t input_frames() const { return input_frames_; }
  std::int64_t output_frames() const;
  double removed_seconds() const;
  const std::vector<FrameRange>& kept() const { return kept_; }
  // Where each kept range begins in the output.
  const std::vector<std::int64_t>& starts() const { return starts_; }

  // Of a frame that was removed: the cut where it was.
  std::int64_t to_output(std::int64_t input_frame) const;
  // Of a cut: the first frame after it. to_output undoes it exactly.
  std::int64_t to_input(std::int64_t output_frame) const;

  // Likewise, in seconds.
  double output_seconds(double input_seconds) const;
  double input_seconds(double output_seconds) const;

 private:
  int rate_ = 48000;
  std::int64_t input_frames_ = 0;
  std::vector<FrameRange> kept_;
  std::vector<std::int64_t> starts_;
};

}  // namespace odeon::media
