#include "engine/media/mp3_decoder.hpp"

#include <cstring>
#include <new>

namespace odeon::media {

Mp3Decoder::Mp3Decoder() : packet_(libav().av_packet_alloc()), frame_(libav().av_frame_alloc()) {
  const Libav& av = libav();
  const AVCodec* codec = av.avcodec_find_decoder(AV_CODEC_ID_MP3);
  if (!codec) check_libav(AVERROR_DECODER_NOT_FOUND, "finding the MP3 decoder");
  context_.reset(av.avcodec_alloc_context3(codec));
  if (!context_ || !packet_ || !frame_) throw std::bad_alloc();
  check_libav(av.avcodec_open2(context_.get(), codec, nullptr), "opening the MP3 decoder");
}

void Mp3Decoder::add(std::span<const char> frame, std::vector<float>& samples) {
  const Libav& av = libav();
  check_libav(av.av_new_packet(packet_.get(), static_cast<int>(frame.size())), "making room for a frame");
  std::memcpy(packet_->data, frame.data(), frame.size());
  av.avcodec_send_packet(context_.get(), packet_.get());
  av.av_packet_unref(packet_.get());
  while (av.avcodec_receive_frame(context_.get(), frame_.get()) >= 0) {
    const int channels = frame_->ch_layout.nb_channels;
    const std::size_t at = samples.size();
    samples.resize(at + static_cast<std::size_t>(frame_->nb_samples) * channels);
    for (int channel = 0; channel < channels; ++channel) {
      const auto* from = reinterpret_cast<const float*>(frame_->extended_data[channel]);
      float* into = samples.data() + at + channel;
      for (int i = 0; i < frame_->nb_samples; ++i) into[i * channels] = from[i];
    }
    av.av_frame_unref(frame_.get());
  }
}

}  // namespace odeon::media
