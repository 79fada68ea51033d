#include "engine/media/speech_file.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <span>

#include "engine/media/libav_io.hpp"

namespace odeon::media {
namespace {

struct SpeechForm {
  const char* encoder;
  const char* muxer;
  AVSampleFormat samples;
  int bitrate;  // bit/s; 0: as much as it takes
};

SpeechForm speech_form(SpeechFile form) {
  switch (form) {
    case SpeechFile::opus:
      return {"libopus", "ogg", AV_SAMPLE_FMT_FLT, 48'000};
    case SpeechFile::aac:
      return {"aac", "adts", AV_SAMPLE_FMT_FLTP, 96'000};
    case SpeechFile::flac:
      break;
  }
  return {"flac", "flac", AV_SAMPLE_FMT_S16, 0};
}

LibavPtr<AVCodecContext> open_speech_encoder(const SpeechForm& form, int rate) {
  const Libav& av = libav();
  const AVCodec* codec = av.avcodec_find_encoder_by_name(form.encoder);
  if (codec == nullptr) check_libav(AVERROR_ENCODER_NOT_FOUND, "finding the encoder of speech");
  LibavPtr<AVCodecContext> context(av.avcodec_alloc_context3(codec));
  context->sample_fmt = form.samples;
  context->sample_rate = rate;
  context->time_base = {1, rate};
  context->bit_rate = form.bitrate;
  av.av_channel_layout_default(&context->ch_layout, 1);
  check_libav(av.avcodec_open2(context.get(), codec, nullptr), "opening the encoder of speech");
  return context;
}

struct FreeSpeechOutput {
  void operator()(AVFormatContext* context) const { libav().avformat_free_context(context); }
};

class SpeechWriter {
 public:
  SpeechWriter(const SpeechForm& form, int rate)
      : encoder_(open_speech_encoder(form, rate)), packet_(libav().av_packet_alloc()) {
    const Libav& av = libav();
    AVFormatContext* made = nullptr;
    const int result = av.avformat_alloc_output_context2(&made, nullptr, form.muxer, nullptr);
    output_.reset(made);
    check_libav(result, "opening the writer of speech");
    made->pb = into_.context();
    // Nothing in the file tells when or by which version it was made.
    made->flags |= AVFMT_FLAG_BITEXACT;
    stream_ = av.avformat_new_stream(made, nullptr);
    if (stream_ == nullptr) throw std::bad_alloc();
    stream_->time_base = encoder_->time_base;
    check_libav(av.avcodec_parameters_from_context(stream_->codecpar, encoder_.get()), "describing speech");
    check_libav(av.avformat_write_header(made, nullptr), "writing the header of speech");
  }

  std::string write(std::span<const float> samples) {
    const auto width = static_cast<std::size_t>(encoder_->frame_size);
    for (std::int64_t at = 0; !samples.empty();) {
      const auto piece = samples.first(std::min(width, samples.size()));
      send(piece, at);
      at += std::ssize(piece);
      samples = samples.subspan(piece.size());
    }
    check_libav(libav().avcodec_send_frame(encoder_.get(), nullptr), "ending speech");
    receive();
    check_libav(libav().av_write_trailer(output_.get()), "finishing the file of speech");
    into_.rethrow();
    return into_.take();
  }

 private:
  void send(std::span<const float> samples, std::int64_t at) {
    const Libav& av = libav();
    const LibavPtr<AVFrame> frame(av.av_frame_alloc());
    frame->nb_samples = static_cast<int>(samples.size());
    frame->format = encoder_->sample_fmt;
    frame->sample_rate = encoder_->sample_rate;
    frame->pts = at;
    av.av_channel_layout_copy(&frame->ch_layout, &encoder_->ch_layout);
    check_libav(av.av_frame_get_buffer(frame.get(), 0), "making room for speech");
    if (encoder_->sample_fmt == AV_SAMPLE_FMT_S16) {
      auto* into = reinterpret_cast<std::int16_t*>(frame->data[0]);
      for (const float sample : samples)
        *into++ = static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0F, 1.0F) * 32'767));
    } else {
      std::ranges::transform(samples, reinterpret_cast<float*>(frame->data[0]),
                             [](float sample) { return std::clamp(sample, -1.0F, 1.0F); });
    }
    check_libav(av.avcodec_send_frame(encoder_.get(), frame.get()), "encoding speech");
    receive();
  }

  void receive() {
    const Libav& av = libav();
    for (;;) {
      const int result = av.avcodec_receive_packet(encoder_.get(), packet_.get());
      if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return;
      check_libav(result, "encoding speech");
      packet_->stream_index = stream_->index;
      packet_->pts = in_stream(packet_->pts);
      packet_->dts = in_stream(packet_->dts);
      packet_->duration = in_stream(packet_->duration);
      const int written = av.av_write_frame(output_.get(), packet_.get());
      into_.rethrow();
      check_libav(written, "writing speech");
      av.av_packet_unref(packet_.get());
    }
  }

  // The writer may count time otherwise: Ogg has Opus in 48ths of a millisecond, whatever its rate.
  std::int64_t in_stream(std::int64_t samples) const {
    if (samples == AV_NOPTS_VALUE) return samples;
    return samples * stream_->time_base.den / (std::int64_t{stream_->time_base.num} * encoder_->sample_rate);
  }

  MemoryWriter into_;
  LibavPtr<AVCodecContext> encoder_;
  LibavPtr<AVPacket> packet_;
  std::unique_ptr<AVFormatContext, FreeSpeechOutput> output_;
  AVStream* stream_ = nullptr;
};

}  // namespace

std::string speech_file(const Pcm& audio, SpeechFile form) {
  return SpeechWriter(speech_form(form), audio.rate).write(audio.samples);
}

}  // namespace odeon::media
