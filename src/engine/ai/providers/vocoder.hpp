// Speech from what a statistical voice says of each five milliseconds: pitch, spectrum, and how much of each band is
// voice.
//
// Pulses and noise, mixed by band (T. Yoshimura et al., "Mixed excitation for HMM-based speech synthesis", 2001), go
// through a filter whose response is the exponential of a mel cepstrum, by its Padé approximant of order five (S. Imai,
// "Cepstral analysis synthesis on the mel frequency scale", 1983), after formants were sharpened (K. Koishida et al.,
// "CELP coding based on mel-cepstral analysis", 1995). The same arithmetic as in libflite, in a third of its time:
// the five sections of the filter are computed at once, and what is linear in the cepstrum is one matrix.
#pragma once

#include <array>
#include <random>
#include <span>
#include <vector>

namespace odeon::ai {

struct VocoderVoice {
  int rate = 16'000;                       // Hz
  int hop = 80;                            // samples from one frame to the next
  double warp = 0.42;                      // of the mel scale
  double sharpen = 0;                      // formants: 0 leaves them
  double gain = 1;                         // of the whole
  std::vector<std::vector<double>> bands;  // impulse responses, all of one length, that sum up to a pulse
};

// Not thread-safe. The same frames give the same sound.
class Vocoder {
 public:
  // `order` coefficients a frame, the zeroth included.
  Vocoder(VocoderVoice voice, std::size_t order);

  // Appends `hop` samples, full scale at 1, on the way from the frame before to this one; the first frame none. `pitch`
  // in Hz, 0 where there is no voice; `voicing` 0–1 for each band.
  void add(double pitch, std::span<const float> cepstrum, std::span<const float> voicing, std::vector<float>& sound);

 private:
  // A number for each section of the filter, and three to spare.
  using Lanes = float __attribute__((vector_size(32)));

  struct Pulse {
    int at;  // samples from the beginning of the frame
    float height;
  };

  void coefficients_of(std::span<const float> cepstrum);
  double energy(std::span<const double> coefficients);
  void excite(double period, std::span<const float> voicing);
  float filtered(float excitation);

  const VocoderVoice voice_;
  const std::size_t order_;          // of the filter
  std::vector<double> to_cepstrum_;  // row by row: from the filter's coefficients to a cepstrum in hertz
  std::vector<double> now_, next_;   // the filter's coefficients
  std::vector<float> at_, step_;     // of the sample that is being made, and from one to the next
  std::vector<Pulse> pulses_;        // that are still heard
  std::vector<float> noise_;         // after what the bands' responses reach back to
  std::vector<float> pulse_shape_, noise_shape_, excitation_;
  std::vector<Lanes> delays_;                      // of the mel sections
  Lanes mel_out_{}, first_out_{}, first_delay_{};  // what the sections gave last
  bool has_begun_ = false;
  double period_ = 0, since_pulse_ = 0;  // samples
  std::minstd_rand chance_{1};
};

}  // namespace odeon::ai
