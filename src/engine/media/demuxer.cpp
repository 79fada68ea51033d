#include "engine/media/demuxer.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace odeon::media {
namespace {

// Containers that hold audio and nothing that points elsewhere. FFmpeg knows many more, but playlists
// among them read local files, and games' formats are little tested.
constexpr const char* containers =
    "mp3,wav,w64,flac,ogg,matroska,webm,mov,mp4,m4a,aac,ac3,eac3,aiff,au,caf,amr,asf,mpegts,flv,avi,wv,ape,tta";

Error not_audio() {
  return bad_file("NOT_AUDIO", "The file is not an audio file of a known kind (MP3, WAV, FLAC, Ogg, M4A, WebM, …).");
}

// By FFmpeg's names, those of which nothing is learnt by going to their end.
constexpr auto told_at_once =
    std::to_array<std::string_view>({"matroska,webm", "wav", "w64", "flac", "mov,mp4,m4a,3gp,3g2,mj2", "aac"});
// Of these FFmpeg reads something else where it can see the end. It never does, so that they give the same samples
// whether all of them is there or not.
constexpr auto read_front_to_back = std::to_array<std::string_view>({"mp3", "ogg"});

bool is_one_of(const AVInputFormat& format, std::span<const std::string_view> names) {
  return std::ranges::find(names, std::string_view(format.name)) != names.end();
}

Error needs_whole() {
  return bad_file("NEEDS_WHOLE", "The file can only be read once all of it is here.");
}

int refuse_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EPERM);
}

// Pictures are not looked at, not even to learn how large they are: one of a few bytes can be gigabytes.
const std::string& audio_decoders() {
  static const std::string names = [] {
    std::string list;
    void* at = nullptr;
    while (const AVCodec* codec = libav().av_codec_iterate(&at))
      if (codec->type == AVMEDIA_TYPE_AUDIO && libav().av_codec_is_decoder(codec))
        list += (list.empty() ? "" : ",") + std::string(codec->name);
    return list;
  }();
  return names;
}

constexpr std::int64_t largest_block_head = 32;  // bytes of Matroska between where a block begins and its sound

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// FFmpeg tells MP3 by counting frames: a sound of a few loses to any format that its bytes resemble. A
// header of MPEG layer III (ISO 11172-3, 2.4.2.3) at the very start decides; null where there is none.
const AVInputFormat* format_by_first_bytes(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const bool layer_three = bytes.size() >= 4 && at(0) == 0xff && (at(1) & 0xe6) == 0xe2;
  const bool valid = layer_three && at(2) >> 4 != 0 && at(2) >> 4 != 15 && (at(2) >> 2 & 3) != 3;
  return valid ? libav().av_find_input_format("mp3") : nullptr;
}

// Whether this is an ISO base media file (ISO 14496-12) whose data comes before the index that tells where in it what
// is: the boxes at the top of the file, each of a size and a type, are walked as far as the bytes go.
bool index_comes_last(std::string_view head) {
  if (head.size() < 12 || head.substr(4, 4) != "ftyp") return false;
  for (std::size_t at = 0; at + 8 <= head.size();) {
    const std::string_view type = head.substr(at + 4, 4);
    const std::uint32_t size = big_endian(head, at);
    if (type == "moov" || type == "moof") return false;
    if (type == "mdat" || size < 8) return true;
    at += size;
  }
  return true;
}

bool is_protected(const AVStream& stream) {
  static constexpr std::uint32_t tags[] = {MKTAG('d', 'r', 'm', 's'), MKTAG('d', 'r', 'm', 'i'),
                                           MKTAG('e', 'n', 'c', 'a'), MKTAG('a', 'a', 'v', 'd')};
  for (const std::uint32_t tag : tags)
    if (stream.codecpar->codec_tag == tag) return true;
  for (int i = 0; i < stream.nb_side_data; ++i)
    if (stream.side_data[i].type == AV_PKT_DATA_ENCRYPTION_INIT_INFO) return true;
  return false;
}

}  // namespace

Error bad_file(std::string code, std::string message) {
  return Error(Fault::invalid, std::move(code), std::move(message));
}

Demuxer::Demuxer(BlockingSource& source, std::int64_t max_bytes, const std::string& folder, Waiting waiting)
    : waiting_(waiting), peeked_(source) {
  constexpr std::size_t enough = 4096;
  bool seekable = source.seek(0);
  const std::string head(peeked_.peek(enough));
  if (head.empty()) throw bad_file("EMPTY_FILE", "The file is empty.");
  BlockingSource* from = &peeked_;
  if (!seekable && index_comes_last(head)) {
    if (waiting == Waiting::never) throw needs_whole();
    rewindable_ = std::make_unique<RewindableSource>(peeked_, folder);
    from = rewindable_.get();
    seekable = true;
  }
  reader_ = std::make_unique<SourceReader>(*from, seekable, max_bytes);
  open(head);
  try {
    if (waiting_ == Waiting::never && !seekable) check_is_told_at_once();
    find_stream();
  } catch (...) {
    libav().avformat_close_input(&context_);
    throw;
  }
}

Demuxer::~Demuxer() {
  libav().avformat_close_input(&context_);
}

void Demuxer::open(std::string_view head) {
  const Libav& av = libav();
  context_ = av.avformat_alloc_context();
  if (!context_) throw std::bad_alloc();
  context_->pb = reader_->context();
  context_->io_open = refuse_open;
  context_->flags |= AVFMT_FLAG_CUSTOM_IO;
  context_->max_streams = 32;
  Dictionary options;
  options.set("format_whitelist", containers);
  options.set("protocol_whitelist", "");
  options.set("codec_whitelist", audio_decoders().c_str());
  const AVInputFormat* format = format_by_first_bytes(head);
  if (!format && av.av_probe_input_buffer2(reader_->context(), &format, "", nullptr, 0, 0) < 0) format = nullptr;
  if (format && is_one_of(*format, read_front_to_back)) reader_->read_on_only();
  // Frees the context when it fails.
  if (format && av.avformat_open_input(&context_, "", format, options.get()) >= 0) return;
  av.avformat_free_context(context_);
  reader_->rethrow();
  throw not_audio();
}

void Demuxer::check_is_told_at_once() const {
  if (!is_one_of(*context_->iformat, told_at_once) && !is_one_of(*context_->iformat, read_front_to_back))
    throw needs_whole();
}

void Demuxer::find_stream() {
  const Libav& av = libav();
  if (av.avformat_find_stream_info(context_, nullptr) < 0) throw not_audio();
  reader_->rethrow();
  stream_ = av.av_find_best_stream(context_, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
  if (stream_ < 0) throw bad_file("NO_AUDIO_STREAM", "The file has no audio in it.");
  if (is_protected(*context_->streams[stream_]))
    throw bad_file("PROTECTED_AUDIO", "The file is protected against copying (DRM). Please upload one that is not.");
  for (unsigned i = 0; i < context_->nb_streams; ++i)
    if (static_cast<int>(i) != stream_) context_->streams[i]->discard = AVDISCARD_ALL;
}

double Demuxer::announced_seconds() const {
  if (context_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) return 0;  // a guess of FFmpeg's
  return std::max(0.0, static_cast<double>(context_->duration) / AV_TIME_BASE);
}

double Demuxer::timed_seconds() const {
  return is("ogg") && begins_at_ ? ends_at_ - *begins_at_ : 0;
}

bool Demuxer::is(std::string_view format) const {
  return context_->iformat->name == format;
}

bool Demuxer::next(AVPacket* packet) {
  int result = 0;
  while ((result = libav().av_read_frame(context_, packet)) >= 0) {
    if (packet->stream_index == stream_) {
      last_end_ = packet->pos + packet->size;
      if (packet->pts != AV_NOPTS_VALUE) note_times(*packet);
      return true;
    }
    libav().av_packet_unref(packet);
  }
  reader_->rethrow();
  cut_short_ = result != AVERROR_EOF || ends_within_a_block();
  return false;
}

void Demuxer::note_times(const AVPacket& packet) {
  const double unit = static_cast<double>(time_base().num) / time_base().den;
  const double begin = static_cast<double>(packet.pts) * unit;
  if (!begins_at_) begins_at_ = begin;
  ends_at_ = std::max(ends_at_, begin + static_cast<double>(packet.duration) * unit);
}

// A browser's recording says nothing of its length, and has nothing behind its last block: what is there is the
// beginning of one that did not arrive.
bool Demuxer::ends_within_a_block() const {
  const bool recorded = is("matroska,webm") && announced_seconds() == 0 && context_->nb_streams == 1;
  return recorded && last_end_ > 0 && reader_->bytes_read() > last_end_ + largest_block_head;
}

}  // namespace odeon::media
