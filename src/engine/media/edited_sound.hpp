// A recording as its edit list has it: ranges joined by cross-fades, faded in and out at the ends.
#pragma once

#include "base/pcm.hpp"
#include "engine/media/edit_list.hpp"
#include "engine/media/sample_spool.hpp"

namespace odeon::media {

struct Fades {
  double in = 0.05;  // seconds
  double out = 0.3;
};

// Reads anywhere, in constant memory; any number of threads at once. A cross-fade lasts a fortieth of a second around
// its cut, of which it takes the half outside from what was removed, so that lengths and positions are exactly those of
// the list. Powers add up to one, as suits sounds that have nothing to do with one another.
class EditedSound {
 public:
  // Keeps references.
  EditedSound(const SampleSpool& spool, const EditList& edits, const Fades& fades)
      : spool_(spool), edits_(edits), fades_(fades) {}

  int rate() const { return spool_.rate(); }
  int channels() const { return spool_.channels(); }
  std::int64_t frames() const { return edits_.output_frames(); }
  // Frames [from, to) of the output; silence where there are none.
  Pcm read(std::int64_t from, std::int64_t to) const;

 private:
  std::int64_t half_fade(std::size_t cut) const;
  void fade_ends(Pcm& audio, std::int64_t from) const;

  const SampleSpool& spool_;
  const EditList& edits_;
  const Fades fades_;
};

}  // namespace odeon::media
