#include "engine/media/decode.hpp"

#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "engine/media/memory_io.hpp"
#include "engine/media/program.hpp"
#include "engine/media/resample.hpp"

namespace odeon::media {
namespace {

// Containers that hold audio and nothing that points elsewhere. FFmpeg knows many more, but playlists
// among them read local files, and games' formats are little tested.
constexpr const char* containers =
    "mp3,wav,w64,flac,ogg,matroska,webm,mov,mp4,m4a,aac,ac3,eac3,aiff,au,caf,amr,asf,mpegts,flv,avi,wv,ape,tta";

Error invalid(std::string code, std::string message) {
  return Error(Fault::invalid, std::move(code), std::move(message));
}
Error not_audio() {
  return invalid("NOT_AUDIO", "The file is not an audio file of a known kind (MP3, WAV, FLAC, Ogg, M4A, WebM, …).");
}

int refuse_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EPERM);
}

// FFmpeg tells MP3 by counting frames: a sound of a few loses to any format that its bytes resemble. A
// header of MPEG layer III (ISO 11172-3, 2.4.2.3) at the very start decides; null where there is none.
const AVInputFormat* format_by_first_bytes(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const bool layer_three = bytes.size() >= 4 && at(0) == 0xff && (at(1) & 0xe6) == 0xe2;
  const bool valid = layer_three && at(2) >> 4 != 0 && at(2) >> 4 != 15 && (at(2) >> 2 & 3) != 3;
  return valid ? libav().av_find_input_format("mp3") : nullptr;
}

// The demuxer, with the stream that is wanted.
class Input {
 public:
  explicit Input(std::string_view bytes) : reader_(bytes), context_(libav().avformat_alloc_context()) {
    const Libav& av = libav();
    if (!context_) throw std::bad_alloc();
    context_->pb = reader_.context();
    context_->io_open = refuse_open;
    context_->flags |= AVFMT_FLAG_CUSTOM_IO;
    context_->max_streams = 32;
    Dictionary options;
    options.set("format_whitelist", containers);
    options.set("protocol_whitelist", "");
    // Frees the context when it fails.
    if (av.avformat_open_input(&context_, "", format_by_first_bytes(bytes), options.get()) < 0) throw not_audio();
    try {
      find_stream();
    } catch (...) {
      av.avformat_close_input(&context_);
      throw;
    }
  }
  ~Input() { libav().avformat_close_input(&context_); }
  Input(const Input&) = delete;

  const AVCodecParameters& parameters() const { return *context_->streams[stream_]->codecpar; }
  AVRational time_base() const { return context_->streams[stream_]->time_base; }
  double seconds() const { return std::max(0.0, static_cast<double>(context_->duration) / AV_TIME_BASE); }
  // The next packet of the stream; false at the end.
  bool next(AVPacket* packet) {
    while (libav().av_read_frame(context_, packet) >= 0) {
      if (packet->stream_index == stream_) return true;
      libav().av_packet_unref(packet);
    }
    return false;
  }

 private:
  void find_stream() {
    const Libav& av = libav();
    if (av.avformat_find_stream_info(context_, nullptr) < 0) throw not_audio();
    stream_ = av.av_find_best_stream(context_, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
    if (stream_ < 0) throw invalid("NO_AUDIO_STREAM", "The file has no audio in it.");
    for (unsigned i = 0; i < context_->nb_streams; ++i)
      if (static_cast<int>(i) != stream_) context_->streams[i]->discard = AVDISCARD_ALL;
  }

  MemoryReader reader_;
  AVFormatContext* context_;
  int stream_ = -1;
};

LibavPtr<AVCodecContext> open_decoder(const Input& input) {
  const Libav& av = libav();
  const AVCodec* codec = av.avcodec_find_decoder(input.parameters().codec_id);
  if (!codec) throw invalid("UNKNOWN_CODEC", "The audio in the file is encoded in a way that is not known here.");
  LibavPtr<AVCodecContext> context(av.avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  context->pkt_timebase = input.time_base();
  context->thread_count = 1;
  if (av.avcodec_parameters_to_context(context.get(), &input.parameters()) < 0 ||
      av.avcodec_open2(context.get(), codec, nullptr) < 0)
    throw invalid("DAMAGED_AUDIO", "The audio in the file is damaged and cannot be read.");
  return context;
}

// Decoded frames of whatever format to interleaved floats of one format, the first frame's.
class Collector {
 public:
  // `expected_seconds` is what the file says of itself.
  Collector(const DecodeBounds& bounds, const OnSamples& on_samples, double expected_seconds)
      : bounds_(bounds), on_samples_(on_samples), expected_seconds_(std::min(expected_seconds, max_believed)) {}

  void add(const AVFrame& frame) {
    if (frame.nb_samples <= 0 || frame.sample_rate <= 0 || frame.ch_layout.nb_channels <= 0) return;
    if (!converter_ || changed(frame)) reopen(frame);
    convert(const_cast<const std::uint8_t**>(frame.extended_data), frame.nb_samples);
  }

  Pcm finish() {
    if (converter_) convert(nullptr, 0);
    return std::move(pcm_);
  }

 private:
  bool changed(const AVFrame& frame) const {
    return frame.sample_rate != rate_ || frame.format != format_ || frame.ch_layout.nb_channels != channels_;
  }

  void reopen(const AVFrame& frame) {
    const Libav& av = libav();
    if (converter_)
      convert(nullptr, 0);
    else
      begin(std::min(frame.sample_rate, bounds_.max_rate), std::min(frame.ch_layout.nb_channels, 2));
    rate_ = frame.sample_rate;
    format_ = frame.format;
    channels_ = frame.ch_layout.nb_channels;
    AVChannelLayout out{}, in{};
    av.av_channel_layout_default(&out, pcm_.channels);
    if (av.av_channel_layout_copy(&in, &frame.ch_layout) < 0) throw std::bad_alloc();
    SwrContext* made = nullptr;
    const int result = av.swr_alloc_set_opts2(&made, &out, AV_SAMPLE_FMT_FLT, pcm_.rate, &in,
                                              static_cast<AVSampleFormat>(format_), rate_, 0, nullptr);
    converter_.reset(made);
    av.av_channel_layout_uninit(&in);
    if (result < 0 || av.swr_init(made) < 0)
      throw invalid("UNKNOWN_CHANNELS",
                    fmt::format("Audio with {} channels at {} Hz cannot be used.", channels_, rate_));
  }

  void begin(int rate, int channels) {
    pcm_ = {rate, channels, {}};
    pcm_.samples.reserve(static_cast<std::size_t>((expected_seconds_ + 1) * rate) * channels);
  }

  void convert(const std::uint8_t** from, int count) {
    const Libav& av = libav();
    const int room = av.swr_get_out_samples(converter_.get(), count);
    if (room <= 0) return;
    const std::size_t at = pcm_.samples.size();
    pcm_.samples.resize(at + static_cast<std::size_t>(room) * pcm_.channels);
    auto* into = reinterpret_cast<std::uint8_t*>(pcm_.samples.data() + at);
    const int made = av.swr_convert(converter_.get(), &into, room, from, count);
    pcm_.samples.resize(at + static_cast<std::size_t>(std::max(made, 0)) * pcm_.channels);
    if (on_samples_) on_samples_(std::span(pcm_.samples).subspan(at));
    if (pcm_.seconds() > bounds_.max_seconds)
      throw invalid("AUDIO_TOO_LONG",
                    fmt::format("The audio is longer than {} minutes.", std::lround(bounds_.max_seconds / 60)));
  }

  static constexpr double max_believed = 600;  // seconds: a lie costs no more memory than this

  const DecodeBounds bounds_;
  const OnSamples& on_samples_;
  const double expected_seconds_;
  Pcm pcm_;
  LibavPtr<SwrContext> converter_;
  int rate_ = 0, format_ = -1, channels_ = 0;
};

}  // namespace

Pcm decode(std::string_view bytes, const DecodeBounds& bounds, const OnSamples& on_samples) {
  if (bytes.empty()) throw invalid("EMPTY_FILE", "The file is empty.");
  const Libav& av = libav();
  Input input(bytes);
  const auto decoder = open_decoder(input);
  Collector collector(bounds, on_samples, input.seconds());
  LibavPtr<AVPacket> packet(av.av_packet_alloc());
  LibavPtr<AVFrame> frame(av.av_frame_alloc());
  if (!packet || !frame) throw std::bad_alloc();

  // A damaged packet is left out, as players do; what counts is whether sound comes of the rest.
  const auto drain = [&] {
    while (av.avcodec_receive_frame(decoder.get(), frame.get()) >= 0) {
      collector.add(*frame);
      av.av_frame_unref(frame.get());
    }
  };
  while (input.next(packet.get())) {
    av.avcodec_send_packet(decoder.get(), packet.get());
    av.av_packet_unref(packet.get());
    drain();
  }
  av.avcodec_send_packet(decoder.get(), nullptr);
  drain();

  Pcm pcm = collector.finish();
  if (pcm.samples.empty()) throw invalid("DAMAGED_AUDIO", "No sound could be read from the file.");
  const int rate = pcm.rate, channels = pcm.channels;
  return conform(std::move(pcm), rate, channels);  // files of floats may hold anything
}

Pcm decode_audio(const std::string& bytes) {
  return decode(bytes, {});
}

}  // namespace odeon::media
