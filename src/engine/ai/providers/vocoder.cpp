#include "engine/ai/providers/vocoder.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace odeon::ai {
namespace {

constexpr std::size_t kResponse = 64;  // samples of the filter's impulse response that count for its energy
constexpr float kPade[] = {0.4999391F, 0.1107098F, 0.01369984F, 0.0009564853F, 0.00003041721F};

// From coefficients of the filter to a mel cepstrum, and from there to a cepstrum on the scale of hertz (A. Oppenheim
// and D. Johnson, "Discrete representation of signals", 1972): both are linear.
std::vector<double> conversion(std::size_t order, double warp) {
  std::vector<double> matrix(kResponse * (order + 1));
  for (std::size_t unit = 0; unit <= order; ++unit) {
    std::vector<double> mel(order + 1), out(kResponse), last(kResponse);
    mel[unit] = 1;
    if (unit > 0) mel[unit - 1] = warp;
    for (std::size_t i = order + 1; i-- > 0;) {
      std::swap(out, last);
      out[0] = mel[i] - warp * last[0];
      out[1] = (1 - warp * warp) * last[0] - warp * last[1];
      for (std::size_t j = 2; j < kResponse; ++j) out[j] = last[j - 1] - warp * (last[j] - out[j - 1]);
    }
    for (std::size_t j = 0; j < kResponse; ++j) matrix[unit * kResponse + j] = out[j];
  }
  return matrix;
}

}  // namespace

Vocoder::Vocoder(VocoderVoice voice, std::size_t order)
    : voice_(std::move(voice)),
      order_(order),
      to_cepstrum_(conversion(order, voice_.warp)),
      now_(order + 1),
      next_(order + 1),
      at_(order + 1),
      step_(order + 1),
      delays_(order + 2) {
  const std::size_t reach = voice_.bands.front().size(), hop = static_cast<std::size_t>(voice_.hop);
  noise_.resize(reach + hop);
  pulse_shape_.resize(reach), noise_shape_.resize(reach), excitation_.resize(hop);
}

// Of the impulse response that these coefficients stand for.
double Vocoder::energy(std::span<const double> coefficients) {
  std::array<double, kResponse> cepstrum{}, sums{};
  for (std::size_t i = 0; i <= order_; ++i)
    for (std::size_t j = 0; j < kResponse; ++j) cepstrum[j] += coefficients[i] * to_cepstrum_[i * kResponse + j];
  const double first = std::exp(cepstrum[0]);
  for (std::size_t j = 1; j < kResponse; ++j) cepstrum[j] *= static_cast<double>(j);
  double sum = 0;
  for (std::size_t n = 0; n < kResponse; ++n) {
    const double value = n == 0 ? first : sums[n] / static_cast<double>(n);
    sum += value * value;
    for (std::size_t j = 1; j < kResponse - n; ++j) sums[n + j] += cepstrum[j] * value;
  }
  return sum;
}

void Vocoder::coefficients_of(std::span<const float> cepstrum) {
  next_[order_] = 0;
  for (std::size_t i = order_; i-- > 0;) next_[i] = static_cast<double>(cepstrum[i]) - voice_.warp * next_[i + 1];
  if (voice_.sharpen <= 0) return;
  const double before = energy(next_);
  next_[1] -= voice_.sharpen * voice_.warp * static_cast<double>(cepstrum[2]);
  for (std::size_t i = 2; i <= order_; ++i) next_[i] *= 1 + voice_.sharpen;
  next_[0] += std::log(before / energy(next_)) / 2;
}

// A pulse each period, shaped as far as it is voice; noise for the rest.
void Vocoder::excite(double period, std::span<const float> voicing) {
  const std::size_t reach = pulse_shape_.size();
  const int hop = voice_.hop;
  std::ranges::fill(pulse_shape_, 0.0F);
  std::ranges::fill(noise_shape_, 0.0F);
  for (std::size_t band = 0; band < voice_.bands.size(); ++band)
    for (std::size_t i = 0; i < reach; ++i) {
      const auto response = static_cast<float>(voice_.bands[band][i]);
      pulse_shape_[i] += voicing[band] * response;
      noise_shape_[i] += (1 - voicing[band]) * response;
    }
  std::ranges::copy(std::span(noise_).last(reach), noise_.begin());
  std::erase_if(pulses_, [&](Pulse& pulse) { return (pulse.at -= hop) < -static_cast<int>(reach); });

  double slope = 0;
  if (period_ != 0 && period != 0)
    slope = (period - period_) / voice_.hop;
  else
    period_ = 0, since_pulse_ = period;
  for (int i = 0; i < hop; ++i) {
    noise_[reach + static_cast<std::size_t>(i)] = chance_() & 1024 ? 1.0F : -1.0F;
    if (period_ == 0) continue;
    if (++since_pulse_ >= period_) {
      pulses_.push_back({i, static_cast<float>(std::sqrt(period_))});
      since_pulse_ -= period_;
    }
    period_ += slope;
  }
  period_ = period;

  std::ranges::fill(excitation_, 0.0F);
  for (std::size_t back = 0; back < reach; ++back)
    for (std::size_t i = 0; i < excitation_.size(); ++i)
      excitation_[i] += noise_shape_[back] * noise_[reach - back + i];
  for (const Pulse& pulse : pulses_)
    for (int i = std::max(pulse.at, 0); i < std::min(hop, pulse.at + static_cast<int>(reach)); ++i)
      excitation_[static_cast<std::size_t>(i)] += pulse.height * pulse_shape_[static_cast<std::size_t>(i - pulse.at)];
}

float Vocoder::filtered(float excitation) {
  static constexpr Lanes kPlain = {kPade[0], kPade[1], kPade[2], kPade[3], kPade[4]},
                         kSigned = {kPade[0], -kPade[1], kPade[2], -kPade[3], kPade[4]};
  const auto warp = static_cast<float>(voice_.warp), rest = 1 - warp * warp;
  const auto sum = [](const Lanes& of) { return of[0] + of[1] + of[2] + of[3] + of[4]; };

  // Each section hears what the one before it gave a sample ago, the first what all of them came to.
  // The first coefficient has a filter of its own.
  first_delay_ = rest * __builtin_shufflevector(first_out_, first_out_, 7, 0, 1, 2, 3, 5, 6, 5) + warp * first_delay_;
  first_out_ = first_delay_ * at_[1];
  const float fed = excitation + sum(first_out_ * kSigned);
  const float through = fed + sum(first_out_ * kPlain);
  first_out_[7] = fed;

  Lanes before = rest * __builtin_shufflevector(mel_out_, mel_out_, 7, 0, 1, 2, 3, 5, 6, 5) + warp * delays_[1];
  Lanes out{};
  delays_[1] = before;
  for (std::size_t i = 2; i <= order_; ++i) {
    const Lanes now = delays_[i] + warp * delays_[i + 1] - warp * before;
    delays_[i] = before;
    before = now;
    out += now * at_[i];
  }
  delays_[order_ + 1] = before;
  const float fed_on = through + sum(out * kSigned);
  mel_out_ = out;
  mel_out_[7] = fed_on;
  return fed_on + sum(out * kPlain);
}

void Vocoder::add(double pitch, std::span<const float> cepstrum, std::span<const float> voicing,
                  std::vector<float>& sound) {
  const double period = pitch > 0 ? voice_.rate / pitch : 0;
  coefficients_of(cepstrum);
  if (!std::exchange(has_begun_, true)) {
    std::swap(now_, next_);
    period_ = since_pulse_ = period;
    return;
  }
  excite(period, voicing);
  for (std::size_t i = 0; i <= order_; ++i) {
    at_[i] = static_cast<float>(now_[i]);
    step_[i] = static_cast<float>((next_[i] - now_[i]) / voice_.hop);
  }
  double loudness = std::exp(now_[0]) * voice_.gain / 32768;
  const double growth = std::exp((next_[0] - now_[0]) / voice_.hop);
  for (const float excitation : excitation_) {
    sound.push_back(filtered(excitation * static_cast<float>(loudness)));
    loudness *= growth;
    for (std::size_t i = 0; i <= order_; ++i) at_[i] += step_[i];
  }
  std::swap(now_, next_);
}

}  // namespace odeon::ai
