#include "engine/media/mp3_encoder.hpp"

namespace odeon::media {
namespace {

// LAME's quality 5: the noise in the critical bands of speech is that of quality 0 at a fifth of the time.
// From 7 on there is no noise shaping, and at 64 kbit/s about twice as many bands drown in noise.
constexpr int compression_level = 5;

// What LAME's presets multiply the samples by, up to each bit rate (bit/s).
struct Scale {
  int up_to;
  float factor;
};
constexpr Scale preset_scales[] = {{176'000, 0.95f}, {208'000, 0.97f}, {240'000, 0.98f}};

float undo_preset(int bitrate) {
  for (const auto& [up_to, factor] : preset_scales)
    if (bitrate < up_to) return 1 / factor;
  return 1;
}

LibavPtr<AVCodecContext> open_encoder(int rate, int channels, int bitrate, Reservoir reservoir) {
  const Libav& av = libav();
  const AVCodec* codec = av.avcodec_find_encoder_by_name("libmp3lame");
  if (!codec) check_libav(AVERROR_ENCODER_NOT_FOUND, "finding LAME");
  LibavPtr<AVCodecContext> context(av.avcodec_alloc_context3(codec));
  context->sample_fmt = AV_SAMPLE_FMT_FLTP;
  context->sample_rate = rate;
  av.av_channel_layout_default(&context->ch_layout, channels);
  context->bit_rate = bitrate;
  context->compression_level = compression_level;
  Dictionary options;
  if (reservoir == Reservoir::unused) options.set("reservoir", "0");
  check_libav(av.avcodec_open2(context.get(), codec, options.get()), "opening LAME");
  return context;
}

}  // namespace

Mp3Encoder::Mp3Encoder(int rate, int channels, int bitrate, Reservoir reservoir)
    : scale_(undo_preset(bitrate)),
      context_(open_encoder(rate, channels, bitrate, reservoir)),
      frame_(libav().av_frame_alloc()),
      packet_(libav().av_packet_alloc()) {
  frames_.rate = rate;
  frames_.channels = channels;
  frames_.bitrate = static_cast<int>(context_->bit_rate);
  frames_.samples_per_frame = context_->frame_size;
  frames_.delay = context_->initial_padding;
}

void Mp3Encoder::add(std::span<const float> interleaved) {
  const std::size_t width = static_cast<std::size_t>(context_->frame_size) * frames_.channels;
  if (!pending_.empty()) {
    const std::size_t more = std::min(width - pending_.size(), interleaved.size());
    pending_.insert(pending_.end(), interleaved.begin(), interleaved.begin() + static_cast<std::ptrdiff_t>(more));
    interleaved = interleaved.subspan(more);
    if (pending_.size() < width) return;
    send(pending_.data(), context_->frame_size);
    pending_.clear();
  }
  for (; interleaved.size() >= width; interleaved = interleaved.subspan(width))
    send(interleaved.data(), context_->frame_size);
  pending_.assign(interleaved.begin(), interleaved.end());
}

void Mp3Encoder::finish() {
  if (!pending_.empty()) send(pending_.data(), static_cast<int>(pending_.size()) / frames_.channels);
  check_libav(libav().avcodec_send_frame(context_.get(), nullptr), "ending the MP3 stream");
  receive();
}

void Mp3Encoder::send(const float* samples, int count) {
  const Libav& av = libav();
  const int channels = frames_.channels;
  frame_->nb_samples = count;
  frame_->format = AV_SAMPLE_FMT_FLTP;
  frame_->sample_rate = frames_.rate;
  av.av_channel_layout_copy(&frame_->ch_layout, &context_->ch_layout);
  check_libav(av.av_frame_get_buffer(frame_.get(), 0), "making room for samples");
  for (int channel = 0; channel < channels; ++channel) {
    auto* into = reinterpret_cast<float*>(frame_->extended_data[channel]);
    for (int i = 0; i < count; ++i) into[i] = samples[i * channels + channel] * scale_;
  }
  frame_->pts = frames_.frames_of_sound;
  frames_.frames_of_sound += count;
  check_libav(av.avcodec_send_frame(context_.get(), frame_.get()), "encoding MP3");
  av.av_frame_unref(frame_.get());
  receive();
}

void Mp3Encoder::receive() {
  const Libav& av = libav();
  for (;;) {
    const int result = av.avcodec_receive_packet(context_.get(), packet_.get());
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return;
    check_libav(result, "encoding MP3");
    frames_.bytes.append(reinterpret_cast<const char*>(packet_->data), packet_->size);
    frames_.sizes.push_back(packet_->size);
    av.av_packet_unref(packet_.get());
  }
}

}  // namespace odeon::media
