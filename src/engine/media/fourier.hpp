// The discrete Fourier transform of a fixed length, by FFmpeg's libavutil, which is loaded anyway.
#pragma once

#include <complex>
#include <memory>
#include <new>
#include <span>

#include "engine/media/libav.hpp"

namespace odeon::media {

// Both directions, and the buffers that they work between. Not thread-safe.
class Fourier {
 public:
  using Bin = std::complex<float>;

  explicit Fourier(int length) : length_(length), time_(buffer(length)), bins_(buffer(length)) {
    const float scale = 1;
    check_libav(libav().av_tx_init(&forward_, &run_forward_, AV_TX_FLOAT_FFT, 0, length, &scale, 0),
                "setting up a FFT");
    check_libav(libav().av_tx_init(&back_, &run_back_, AV_TX_FLOAT_FFT, 1, length, &scale, 0), "setting up a FFT");
  }
  ~Fourier() {
    libav().av_tx_uninit(&forward_);
    libav().av_tx_uninit(&back_);
  }
  Fourier(const Fourier&) = delete;

  std::span<Bin> time() { return {time_.get(), static_cast<std::size_t>(length_)}; }
  std::span<Bin> bins() { return {bins_.get(), static_cast<std::size_t>(length_)}; }
  // bins ← time
  void forward() { run_forward_(forward_, bins_.get(), time_.get(), sizeof(Bin)); }
  // time ← bins, times the length
  void back() { run_back_(back_, time_.get(), bins_.get(), sizeof(Bin)); }

 private:
  struct Free {
    void operator()(Bin* bins) const { libav().av_free(bins); }
  };
  using Buffer = std::unique_ptr<Bin, Free>;  // aligned as the transform wants it
  static Buffer buffer(int length) {
    auto* made = static_cast<Bin*>(libav().av_malloc(sizeof(Bin) * length));
    if (!made) throw std::bad_alloc();
    std::uninitialized_fill_n(made, length, Bin());
    return Buffer(made);
  }

  const int length_;
  Buffer time_, bins_;
  AVTXContext *forward_ = nullptr, *back_ = nullptr;
  av_tx_fn run_forward_ = nullptr, run_back_ = nullptr;
};

}  // namespace odeon::media
