// Steady noise turned down under speech: fans, hiss, hum.
//
// A Wiener filter over short spectra. What each bin holds of speech is estimated by the decision-directed rule
// (Y. Ephraim and D. Malah, IEEE Trans. ASSP 32(6), 1984), whose slow average is what keeps noise from turning into
// chirps ("musical noise"; O. Cappé, IEEE Trans. Speech and Audio Processing 2(2), 1994), and refined by a second step
// that undoes its delay, so that the beginnings of words stay (C. Plapous, C. Marro and P. Scalart, IEEE Trans. Audio,
// Speech and Language Processing 14(6), 2006). The noise is tracked by noise_tracker.hpp.
//
// Noise is never taken away entirely: a rest of it stays in everything, which covers what the filter does, and leaves
// words that are hardly above it their place.
#pragma once

#include <span>
#include <vector>

#include "engine/media/fourier.hpp"
#include "engine/media/noise_tracker.hpp"

namespace odeon::media {

// Follows a stream; both channels get the same gains, so the image does not move. Not thread-safe.
class Denoiser {
 public:
  // `reduction` is how much steady noise is turned down at the most, in dB, 0–30.
  Denoiser(int rate, int channels, double reduction = 14);

  // Takes interleaved samples of any number of frames and appends what is ready to `out`, in order and as many frames
  // as came in all together. The first four seconds are waited for, since the noise is learnt from them.
  void add(std::span<const float> interleaved, std::vector<float>& out);
  void finish(std::vector<float>& out);

 private:
  void run(std::vector<float>& out);
  void analyse(std::size_t from);
  void learn(bool is_silent);
  void filter();
  void put(std::vector<float>& out);

  const int rate_, channels_, length_, hop_;  // length and hop of a spectrum, frames
  const float rest_;                          // the gain that everything has at least
  std::size_t opening_;                       // samples
  Fourier fourier_;
  NoiseTracker tracker_;
  std::vector<float> window_;  // each value twice, for both channels
  std::vector<float> powers_;
  std::vector<float> speech_;  // the power of the last frame's speech
  std::vector<float> gains_;
  std::vector<float> pending_;  // from the start of the next spectrum on
  std::vector<float> tail_;     // what the last spectrum gives to the next hop, of both channels
  bool learnt_ = false;
  int silent_ = 0;                      // spectra of digital silence up to now
  std::int64_t taken_ = 0, given_ = 0;  // frames
};

}  // namespace odeon::media
