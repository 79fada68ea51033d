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

std::string wrap_mp3(const Mp3Frames& frames) {
  const Libav& av = libav();
  MemoryWriter writer;
  AVFormatContext* made = nullptr;
  const int result = av.avformat_alloc_output_context2(&made, nullptr, "mp3", nullptr);
  std::unique_ptr<AVFormatContext, FreeOutput> context(made);
  check_libav(result, "opening the MP3 writer");
  context->pb = writer.context();

  AVStream* stream = av.avformat_new_stream(made, nullptr);
  if (!stream) throw std::bad_alloc();
  stream->time_base = {1, frames.rate};
  stream->codecpar->codec_type = AVMEDIA_TYPE_AUDIO;
  stream->codecpar->codec_id = AV_CODEC_ID_MP3;
  stream->codecpar->sample_rate = frames.rate;
  stream->codecpar->bit_rate = frames.bitrate;
  stream->codecpar->frame_size = frames.samples_per_frame;
  stream->codecpar->initial_padding = frames.delay;
  av.av_channel_layout_default(&stream->codecpar->ch_layout, frames.channels);

  Dictionary options;
  options.set("id3v2_version", "0");  // the tag is ours (id3.hpp): FFmpeg writes chapters without a table
  check_libav(av.avformat_write_header(made, options.get()), "writing the MP3 header");

  LibavPtr<AVPacket> packet(av.av_packet_alloc());
  const char* at = frames.bytes.data();
  for (std::size_t i = 0; i < frames.sizes.size(); ++i) {
    check_libav(av.av_new_packet(packet.get(), frames.sizes[i]), "making room for a frame");
    std::memcpy(packet->data, at, frames.sizes[i]);
    at += frames.sizes[i];
    packet->pts = packet->dts = static_cast<std::int64_t>(i) * frames.samples_per_frame;
    packet->duration = frames.samples_per_frame;
    const bool last = i + 1 == frames.sizes.size();
    if (i == 0 || last) skip_samples(packet.get(), frames.delay, last ? frames.padding() : 0);
    check_libav(av.av_write_frame(made, packet.get()), "writing MP3");
    av.av_packet_unref(packet.get());
  }
  check_libav(av.av_write_trailer(made), "finishing the MP3 file");
  return writer.take();
}

}  // namespace odeon::media
