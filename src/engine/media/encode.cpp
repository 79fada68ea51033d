#include "engine/media/encode.hpp"

#include "engine/media/libav.hpp"
#include "engine/media/parallel.hpp"

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

LibavPtr<AVCodecContext> open_encoder(int rate, int channels, int bitrate) {
  const Libav& av = libav();
  const AVCodec* codec = av.avcodec_find_encoder_by_name("libmp3lame");
  if (!codec) check_libav(AVERROR_ENCODER_NOT_FOUND, "finding LAME");
  LibavPtr<AVCodecContext> context(av.avcodec_alloc_context3(codec));
  context->sample_fmt = AV_SAMPLE_FMT_FLTP;
  context->sample_rate = rate;
  av.av_channel_layout_default(&context->ch_layout, channels);
  context->bit_rate = bitrate;
  context->compression_level = compression_level;
  check_libav(av.avcodec_open2(context.get(), codec, nullptr), "opening LAME");
  return context;
}

// One encoder and the frames that it has put out.
class Piece {
 public:
  Piece(const Pcm& audio, int bitrate)
      : audio_(audio),
        scale_(undo_preset(bitrate)),
        context_(open_encoder(audio.rate, audio.channels, bitrate)),
        frame_(libav().av_frame_alloc()),
        packet_(libav().av_packet_alloc()) {}

  // Encodes frames [from, to) of the sound, to the end of what the encoder holds back.
  Mp3Frames encode(std::int64_t from, std::int64_t to) {
    frames_.rate = audio_.rate;
    frames_.channels = audio_.channels;
    frames_.bitrate = static_cast<int>(context_->bit_rate);
    frames_.samples_per_frame = context_->frame_size;
    frames_.delay = context_->initial_padding;
    frames_.frames_of_sound = to - from;
    for (std::int64_t at = from; at < to; at += context_->frame_size)
      send(at, static_cast<int>(std::min<std::int64_t>(context_->frame_size, to - at)));
    check_libav(libav().avcodec_send_frame(context_.get(), nullptr), "ending the MP3 stream");
    receive();
    return std::move(frames_);
  }

 private:
  void send(std::int64_t at, int count) {
    const Libav& av = libav();
    frame_->nb_samples = count;
    frame_->format = AV_SAMPLE_FMT_FLTP;
    frame_->sample_rate = audio_.rate;
    av.av_channel_layout_copy(&frame_->ch_layout, &context_->ch_layout);
    check_libav(av.av_frame_get_buffer(frame_.get(), 0), "making room for samples");
    for (int channel = 0; channel < audio_.channels; ++channel) {
      auto* into = reinterpret_cast<float*>(frame_->extended_data[channel]);
      const float* from = audio_.samples.data() + at * audio_.channels + channel;
      for (int i = 0; i < count; ++i) into[i] = from[i * audio_.channels] * scale_;
    }
    frame_->pts = at;
    check_libav(av.avcodec_send_frame(context_.get(), frame_.get()), "encoding MP3");
    av.av_frame_unref(frame_.get());
    receive();
  }

  void receive() {
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

  const Pcm& audio_;
  const float scale_;
  LibavPtr<AVCodecContext> context_;
  LibavPtr<AVFrame> frame_;
  LibavPtr<AVPacket> packet_;
  Mp3Frames frames_;
};

// Leaves the first `count` frames.
void shorten(Mp3Frames& frames, std::size_t count) {
  for (std::size_t i = count; i < frames.sizes.size(); ++i) frames.bytes.resize(frames.bytes.size() - frames.sizes[i]);
  frames.sizes.resize(count);
}

void join(Mp3Frames& first, const Mp3Frames& second) {
  first.bytes += second.bytes;
  first.sizes.insert(first.sizes.end(), second.sizes.begin(), second.sizes.end());
  first.frames_of_sound += second.frames_of_sound;
}

int samples_per_frame(int rate) {
  return rate >= 32'000 ? 1152 : 576;
}

}  // namespace

bool mp3_allows(int rate, int channels, int bitrate) {
  static constexpr int rates[] = {16'000, 22'050, 24'000, 32'000, 44'100, 48'000};
  static constexpr int high[] = {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
  static constexpr int low[] = {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
  if (channels < 1 || channels > 2 || std::ranges::find(rates, rate) == std::end(rates) || bitrate % 1000 != 0)
    return false;
  const auto& allowed = rate >= 32'000 ? high : low;
  return std::ranges::find(allowed, bitrate / 1000) != std::end(allowed);
}

std::vector<std::int64_t> cuts_in_silence(const Pcm& audio, int pieces, int frame) {
  // The codec looks up to 2200 samples back and 1904 ahead.
  constexpr std::int64_t quiet_before = 2304, quiet_after = 2304;
  const auto silent_at = [&](std::int64_t cut) {
    if (cut < quiet_before || cut + quiet_after > audio.frames()) return false;
    const auto from = audio.samples.begin() + (cut - quiet_before) * audio.channels;
    return std::all_of(from, from + (quiet_before + quiet_after) * audio.channels, [](float s) { return s == 0; });
  };
  std::vector<std::int64_t> cuts;
  for (int piece = 1; piece < pieces; ++piece) {
    const std::int64_t wish = audio.frames() * piece / pieces / frame;
    const std::int64_t reach = audio.frames() / pieces / frame / 3;
    for (std::int64_t away = 0; away <= reach; ++away) {
      const std::int64_t cut = silent_at((wish - away) * frame) ? (wish - away) * frame : (wish + away) * frame;
      if (!silent_at(cut)) continue;
      cuts.push_back(cut);
      break;
    }
  }
  return cuts;
}

Mp3Frames encode_mp3(const Pcm& audio, int bitrate, int pieces) {
  const int frame = samples_per_frame(audio.rate);
  std::vector<std::int64_t> borders = cuts_in_silence(audio, pieces, frame);
  borders.insert(borders.begin(), 0);
  borders.push_back(audio.frames());

  std::vector<Mp3Frames> parts(borders.size() - 1);
  in_parallel(parts.size(), [&](std::size_t i) {
    parts[i] = Piece(audio, bitrate).encode(borders[i], borders[i + 1]);
    // Each piece but the last ends with frames for the silence that the next one begins with.
    if (i + 1 < parts.size()) shorten(parts[i], (borders[i + 1] - borders[i]) / frame);
  });
  for (std::size_t i = 1; i < parts.size(); ++i) join(parts[0], parts[i]);
  return std::move(parts[0]);
}

}  // namespace odeon::media
