// The packets of the first sound in a file of any kind that FFmpeg knows. The bytes may be hostile.
#pragma once

#include <memory>
#include <string>

#include "base/error.hpp"
#include "engine/media/libav_io.hpp"

namespace odeon::media {

// What is wrong with somebody's file, in words for them.
Error bad_file(std::string code, std::string message);

// Not thread-safe. Throws Error{invalid} with a code and a sentence for what cannot be used: EMPTY_FILE, NOT_AUDIO,
// NO_AUDIO_STREAM, PROTECTED_AUDIO, FILE_TOO_LARGE; besides, what the source throws.
//
// A source that cannot be gone back in is read as it comes, and MP3 and Ogg are read so from any. One kind of file
// cannot be: an MP4 whose index (moov) follows its data, as phones write it. Of such a file everything is waited for
// and kept in a scratch file first.
class Demuxer {
 public:
  // never: for a source that cannot be gone back in, and is to give the very samples that it gives where it can. Such a
  // file is refused at once with NEEDS_WHOLE, and so are rare kinds of which FFmpeg may learn something at their end.
  enum class Waiting { if_need_be, never };
  // `source` must outlive it; `folder` is for the scratch file.
  Demuxer(BlockingSource& source, std::int64_t max_bytes, const std::string& folder,
          Waiting waiting = Waiting::if_need_be);
  ~Demuxer();
  Demuxer(const Demuxer&) = delete;

  const AVCodecParameters& parameters() const { return *context_->streams[stream_]->codecpar; }
  AVRational time_base() const { return context_->streams[stream_]->time_base; }
  // What the file says of its length, which may be wrong; 0 where it says nothing.
  double announced_seconds() const;
  // How far the times of the packets of an Ogg stream reach, up to now: beyond its sound, where some of it is missing.
  double timed_seconds() const;
  // The next packet of the stream; false at the end.
  bool next(AVPacket* packet);
  // The file ended in the middle of something.
  bool cut_short() const { return cut_short_; }
  std::int64_t bytes_read() const { return reader_->bytes_read(); }

 private:
  void open(std::string_view head);
  void check_is_told_at_once() const;
  void find_stream();
  bool ends_within_a_block() const;
  bool is(std::string_view format) const;
  void note_times(const AVPacket& packet);

  const Waiting waiting_;
  PeekedSource peeked_;
  std::unique_ptr<RewindableSource> rewindable_;
  std::unique_ptr<SourceReader> reader_;
  AVFormatContext* context_ = nullptr;
  int stream_ = -1;
  std::int64_t last_end_ = 0;        // of a packet, in the file
  std::optional<double> begins_at_;  // seconds, by the times of its packets
  double ends_at_ = 0;
  bool cut_short_ = false;
};

}  // namespace odeon::media
