// The heavy part of the work on a sound: on a thread of the pool, while a loop is told how far it has come and may end
// it.
#pragma once

#include <functional>
#include <memory>

#include "base/bytes.hpp"
#include "engine/media/recording.hpp"
#include "engine/media/scratch_file.hpp"
#include "products/podcasts/sound/listening.hpp"

namespace odeon::podcasts {

struct SoundStage {
  std::string_view name;     // short and stable
  std::string_view message;  // for people
};

struct MadeSound {
  std::unique_ptr<media::ScratchFile> mp3;
  media::Processed about;
};

// What a file turns out to be when it is heard to its end.
struct SoundSeen {
  double seconds = 0;
  bool is_mp3 = false;
};

// What is left of 100 is for keeping what was made.
inline constexpr int kMadePercent = 97;
inline constexpr SoundStage kKeeping{"keeping", "Keeping the finished sound"};

class SoundWork {
 public:
  // `scratch_folder` is made if it is not there. What is given outlives it.
  SoundWork(ThreadPool& heavy, std::string scratch_folder, Listening& listening);

  // Called on the caller's loop, with up to kMadePercent. False: nobody wants it any more.
  using Tell = std::function<Task<bool>(int percent, SoundStage stage)>;
  // Nothing if `tell` said so. Throws what process_recording and `tell` do. What is known of the sound by its
  // `storage_key` is gone on from: what was heard of it while it arrived, or before this machine's last attempt ended.
  Task<std::optional<MadeSound>> make(std::string storage_key, std::shared_ptr<ReadableObject> source,
                                      media::RecordingOptions options, Tell tell);
  // That is not needed any more.
  Task<void> forget(std::string storage_key);
  // The same MP3 with another tag (media::retag). Null where it has just that already.
  Task<std::unique_ptr<media::ScratchFile>> tag(std::shared_ptr<ReadableObject> mp3, media::Tags tags,
                                                std::vector<media::Chapter> chapters, double seconds);
  // Throws what AudioReader does, and EMPTY_RECORDING.
  Task<SoundSeen> look_at(std::shared_ptr<ReadableObject> sound);
  // For as long as `made` stands.
  std::unique_ptr<ByteSource> bytes_of(const media::ScratchFile& made);

 private:
  ThreadPool& heavy_;
  const std::string scratch_folder_;
  Listening& listening_;
};

}  // namespace odeon::podcasts
