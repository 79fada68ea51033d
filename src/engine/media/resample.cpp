#include "engine/media/resample.hpp"

#include <cmath>

#include "base/error.hpp"
#include "engine/media/libav.hpp"

namespace odeon::media {
namespace {

void check_rate(const Pcm& audio) {
  if (audio.rate < 1000 || audio.rate > 768'000 || audio.channels < 1 || audio.channels > 2 ||
      audio.samples.size() % audio.channels != 0)
    throw Error(Fault::invalid, "INVALID_AUDIO",
                fmt::format("Sound of {} Hz with {} channels cannot be used.", audio.rate, audio.channels));
}

void mix(Pcm& audio, int channels) {
  if (audio.channels == channels) return;
  const std::size_t frames = audio.frames();
  std::vector<float> mixed(frames * channels);
  if (channels == 1)
    for (std::size_t i = 0; i < frames; ++i) mixed[i] = (audio.samples[2 * i] + audio.samples[2 * i + 1]) * 0.5f;
  else
    for (std::size_t i = 0; i < frames; ++i) mixed[2 * i] = mixed[2 * i + 1] = audio.samples[i];
  audio.samples = std::move(mixed);
  audio.channels = channels;
}

LibavPtr<SwrContext> resampler(int from_rate, int to_rate, int channels) {
  const Libav& av = libav();
  AVChannelLayout layout{};
  av.av_channel_layout_default(&layout, channels);
  SwrContext* made = nullptr;
  const int result = av.swr_alloc_set_opts2(&made, &layout, AV_SAMPLE_FMT_FLT, to_rate, &layout, AV_SAMPLE_FMT_FLT,
                                            from_rate, 0, nullptr);
  LibavPtr<SwrContext> context(made);
  check_libav(result, "setting up the resampler");
  av.av_opt_set_int(made, "filter_size", 64, 0);  // twice the default: images below −90 dB up to 0.95 of Nyquist
  av.av_opt_set_double(made, "cutoff", 0.97, 0);
  check_libav(av.swr_init(made), "opening the resampler");
  return context;
}

std::vector<float> resample(const Pcm& audio, int rate) {
  const Libav& av = libav();
  const auto context = resampler(audio.rate, rate, audio.channels);
  const std::int64_t wanted = conformed_frames(audio.frames(), audio.rate, rate);
  std::vector<float> out(static_cast<std::size_t>(wanted) * audio.channels);
  std::int64_t made = 0, read = 0;
  // In steps, since FFmpeg counts samples in int; past the end the filter is drained.
  while (made < wanted) {
    const int step = static_cast<int>(std::min<std::int64_t>(audio.frames() - read, 1 << 16));
    const auto* from = reinterpret_cast<const std::uint8_t*>(audio.samples.data() + read * audio.channels);
    auto* into = reinterpret_cast<std::uint8_t*>(out.data() + made * audio.channels);
    const int room = static_cast<int>(std::min<std::int64_t>(wanted - made, 1 << 28));
    const int count =
        check_libav(av.swr_convert(context.get(), &into, room, step > 0 ? &from : nullptr, step), "resampling");
    read += step;
    made += count;
    if (step == 0 && count == 0) break;  // the last frame may round down to nothing: it stays silent
  }
  return out;
}

}  // namespace

void sanitize(std::span<float> samples) {
  for (float& sample : samples) sample = std::isfinite(sample) ? std::clamp(sample, -16.0f, 16.0f) : 0.0f;
}

std::int64_t conformed_frames(std::int64_t frames, int from_rate, int to_rate) {
  return (frames * to_rate + from_rate / 2) / from_rate;
}

Pcm conform(Pcm audio, int rate, int channels) {
  check_rate(audio);
  sanitize(audio.samples);
  if (channels < audio.channels) mix(audio, channels);
  if (audio.rate != rate) {
    audio.samples = resample(audio, rate);
    audio.rate = rate;
  }
  mix(audio, channels);
  return audio;
}

}  // namespace odeon::media
