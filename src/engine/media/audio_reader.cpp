#include "engine/media/audio_reader.hpp"

#include <cmath>
#include <new>

#include "engine/media/resample.hpp"

namespace odeon::media {
namespace {

constexpr int max_channels = 16;
constexpr std::int64_t max_frame = 1 << 21;  // samples: Monkey's Audio has frames of 1.2 million

LibavPtr<AVCodecContext> open_decoder(const Demuxer& input) {
  const Libav& av = libav();
  const AVCodec* codec = av.avcodec_find_decoder(input.parameters().codec_id);
  if (!codec) throw bad_file("UNKNOWN_CODEC", "The audio in the file is encoded in a way that is not known here.");
  LibavPtr<AVCodecContext> context(av.avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  context->pkt_timebase = input.time_base();
  context->thread_count = 1;
  context->max_samples = max_frame;
  if (av.avcodec_parameters_to_context(context.get(), &input.parameters()) < 0 ||
      av.avcodec_open2(context.get(), codec, nullptr) < 0)
    throw bad_file("DAMAGED_AUDIO", "The audio in the file is damaged and cannot be read.");
  return context;
}

}  // namespace

int bounded_rate(int rate, AudioBounds::Rates rates) {
  if (rates == AudioBounds::Rates::as_recorded) return std::min(rate, 48'000);
  if (rates == AudioBounds::Rates::recognition) return 16'000;
  return rate % 11'025 == 0 ? 44'100 : 48'000;
}

AudioReader::AudioReader(BlockingSource& source, const AudioBounds& bounds, const std::string& scratch_folder)
    : bounds_(bounds),
      demuxer_(source, bounds.max_bytes, scratch_folder, bounds.waiting),
      decoder_(open_decoder(demuxer_)),
      packet_(libav().av_packet_alloc()),
      frame_(libav().av_frame_alloc()) {
  if (!packet_ || !frame_) throw std::bad_alloc();
}

bool AudioReader::read(std::vector<float>& piece) {
  piece.clear();
  while (piece.empty() && !ended_) {
    if (decode()) {
      take(*frame_, piece);
      libav().av_frame_unref(frame_.get());
    } else {
      ended_ = true;
      if (converter_) convert(nullptr, 0, piece);
    }
  }
  sanitize(piece);
  frames_ += static_cast<std::int64_t>(piece.size()) / std::max(channels_, 1);
  if (seconds() > bounds_.max_seconds)
    throw bad_file("AUDIO_TOO_LONG",
                   fmt::format("The audio is longer than {} minutes.", std::lround(bounds_.max_seconds / 60)));
  return !piece.empty();
}

Losses AudioReader::losses() const {
  // A header may round, or count what a decoder leaves out at both ends.
  const double whole = std::max(announced_seconds(), demuxer_.timed_seconds());
  return {demuxer_.cut_short() || whole - seconds() > std::max(1.0, 0.02 * whole), damaged_};
}

// The next frame; false at the end.
bool AudioReader::decode() {
  const Libav& av = libav();
  for (;;) {
    const int result = av.avcodec_receive_frame(decoder_.get(), frame_.get());
    if (result >= 0) return true;
    if (result != AVERROR(EAGAIN) && result != AVERROR_EOF) ++damaged_;
    if (draining_) return false;
    if (!demuxer_.next(packet_.get())) {
      draining_ = true;
      av.avcodec_send_packet(decoder_.get(), nullptr);
      continue;
    }
    const bool corrupt = packet_->flags & AV_PKT_FLAG_CORRUPT;
    damaged_ += av.avcodec_send_packet(decoder_.get(), packet_.get()) < 0 || corrupt;
    av.av_packet_unref(packet_.get());
  }
}

// Frames of whatever format become interleaved floats of one, the first frame's.
void AudioReader::take(const AVFrame& frame, std::vector<float>& piece) {
  if (frame.nb_samples <= 0 || frame.sample_rate <= 0 || frame.ch_layout.nb_channels <= 0) return;
  if (!converter_ || frame.sample_rate != from_rate_ || frame.format != from_format_ ||
      frame.ch_layout.nb_channels != from_channels_)
    reopen(frame, piece);
  convert(const_cast<const std::uint8_t**>(frame.extended_data), frame.nb_samples, piece);
}

void AudioReader::reopen(const AVFrame& frame, std::vector<float>& piece) {
  const Libav& av = libav();
  if (converter_) {
    convert(nullptr, 0, piece);
  } else {
    rate_ = bounded_rate(frame.sample_rate, bounds_.rates);
    channels_ = std::min(frame.ch_layout.nb_channels, bounds_.rates == AudioBounds::Rates::recognition ? 1 : 2);
  }
  from_rate_ = frame.sample_rate;
  from_format_ = frame.format;
  from_channels_ = frame.ch_layout.nb_channels;
  AVChannelLayout out{}, in{};
  av.av_channel_layout_default(&out, channels_);
  if (av.av_channel_layout_copy(&in, &frame.ch_layout) < 0) throw std::bad_alloc();
  SwrContext* made = nullptr;
  const int result = av.swr_alloc_set_opts2(&made, &out, AV_SAMPLE_FMT_FLT, rate_, &in,
                                            static_cast<AVSampleFormat>(from_format_), from_rate_, 0, nullptr);
  converter_.reset(made);
  av.av_channel_layout_uninit(&in);
  if (result < 0 || from_channels_ > max_channels || from_rate_ > 768'000 || av.swr_init(made) < 0)
    throw bad_file("UNKNOWN_CHANNELS",
                   fmt::format("Audio with {} channels at {} Hz cannot be used.", from_channels_, from_rate_));
}

void AudioReader::convert(const std::uint8_t** from, int count, std::vector<float>& piece) {
  const Libav& av = libav();
  const int room = av.swr_get_out_samples(converter_.get(), count);
  if (room <= 0) return;
  const std::size_t at = piece.size();
  piece.resize(at + static_cast<std::size_t>(room) * channels_);
  auto* into = reinterpret_cast<std::uint8_t*>(piece.data() + at);
  const int made = av.swr_convert(converter_.get(), &into, room, from, count);
  piece.resize(at + static_cast<std::size_t>(std::max(made, 0)) * channels_);
}

}  // namespace odeon::media
