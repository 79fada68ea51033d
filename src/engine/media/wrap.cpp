// The Info header of an MP3 stream, by FFmpeg's muxer.
#include <cstring>
#include <new>

#include "engine/media/encode.hpp"
#include "engine/media/libav_io.hpp"

namespace odeon::media {
namespace {

struct FreeOutput {
  void operator()(AVFormatContext* context) const { libav().avformat_free_context(context); }
};

void put_little_endian(std::uint8_t* into, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) into[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

// Tells the muxer how many decoded samples around ours a player drops (AV_PKT_DATA_SKIP_SAMPLES). It
// takes the first number from the first packet that says so and the second from the last.
void skip_samples(AVPacket* packet, std::int64_t at_start, std::int64_t at_end) {
  constexpr std::size_t size = 10;
  std::uint8_t* data = libav().av_packet_new_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, size);
  if (!data) throw std::bad_alloc();
  std::memset(data, 0, size);
  put_little_endian(data, static_cast<std::uint32_t>(at_start));
  put_little_endian(data + 4, static_cast<std::uint32_t>(at_end));
}

}  // namespace

struct Mp3Writer::State {
  LibavWriter& into;
  Mp3Frames kind;
  std::unique_ptr<AVFormatContext, FreeOutput> context;
  LibavPtr<AVPacket> packet{
      libav().av_packet_alloc()};  // the last frame, which is written when it is known whether it is
  std::int64_t frames = 0;         // added
};

Mp3Writer::Mp3Writer(LibavWriter& into, const Mp3Frames& kind)
    : state_(new State{.into = into,
                       .kind = {.rate = kind.rate,
                                .channels = kind.channels,
                                .bitrate = kind.bitrate,
                                .samples_per_frame = kind.samples_per_frame,
                                .delay = kind.delay},
                       .context = {}}) {
  const Libav& av = libav();
  AVFormatContext* made = nullptr;
  const int result = av.avformat_alloc_output_context2(&made, nullptr, "mp3", nullptr);
  state_->context.reset(made);
  check_libav(result, "opening the MP3 writer");
  made->pb = into.context();

  AVStream* stream = av.avformat_new_stream(made, nullptr);
  if (!stream) throw std::bad_alloc();
  stream->time_base = {1, kind.rate};
  stream->codecpar->codec_type = AVMEDIA_TYPE_AUDIO;
  stream->codecpar->codec_id = AV_CODEC_ID_MP3;
  stream->codecpar->sample_rate = kind.rate;
  stream->codecpar->bit_rate = kind.bitrate;
  stream->codecpar->frame_size = kind.samples_per_frame;
  stream->codecpar->initial_padding = kind.delay;
  av.av_channel_layout_default(&stream->codecpar->ch_layout, kind.channels);

  Dictionary options;
  options.set("id3v2_version", "0");  // the tag is ours (id3.hpp): FFmpeg writes chapters without a table
  check_libav(av.avformat_write_header(made, options.get()), "writing the MP3 header");
}

Mp3Writer::~Mp3Writer() = default;

void Mp3Writer::add(std::span<const char> frame) {
  if (state_->frames > 0) write(0);
  AVPacket* packet = state_->packet.get();
  check_libav(libav().av_new_packet(packet, static_cast<int>(frame.size())), "making room for a frame");
  std::memcpy(packet->data, frame.data(), frame.size());
  packet->pts = packet->dts = state_->frames * state_->kind.samples_per_frame;
  packet->duration = state_->kind.samples_per_frame;
  if (state_->frames++ == 0) skip_samples(packet, state_->kind.delay, 0);
}

void Mp3Writer::finish(std::int64_t frames_of_sound) {
  const std::int64_t padding = state_->frames * state_->kind.samples_per_frame - state_->kind.delay - frames_of_sound;
  if (state_->frames > 0) write(padding);
  check_libav(libav().av_write_trailer(state_->context.get()), "finishing the MP3 file");
  state_->into.rethrow();
}

void Mp3Writer::write(std::int64_t skipped_at_end) {
  AVPacket* packet = state_->packet.get();
  if (skipped_at_end > 0) skip_samples(packet, state_->frames == 1 ? state_->kind.delay : 0, skipped_at_end);
  const int result = libav().av_write_frame(state_->context.get(), packet);
  state_->into.rethrow();
  check_libav(result, "writing MP3");
  libav().av_packet_unref(packet);
}

std::string wrap_mp3(const Mp3Frames& frames) {
  MemoryWriter into;
  Mp3Writer writer(into, frames);
  const char* at = frames.bytes.data();
  for (const int size : frames.sizes) {
    writer.add({at, static_cast<std::size_t>(size)});
    at += size;
  }
  writer.finish(frames.frames_of_sound);
  return into.take();
}

}  // namespace odeon::media
