// Sounds that are heard while they still arrive: the first half of the work on them (media::hear_recording), done
// before the last byte is there. What it comes to is kept on this machine, for the job that works on the sound.
//
//   listening.hear(key, wanted, part)   …   of what is going to be stored as `key`, each part that is here
//   const auto begun = listening.take(key);   by the job; begun->end(…) hears the rest
//
// It is an advance and nothing else, and its scratch files are bounded for each process. A node that hears only some of
// the parts, or none, one that is killed, a file that has to be whole before it can be read: whatever goes wrong, the
// job does it all, and says what is wrong.
#pragma once

#include <atomic>
#include <list>
#include <thread>

#include "engine/media/recording.hpp"
#include "products/podcasts/sound/arriving_sound.hpp"
#include "products/podcasts/sound/processing_options.hpp"

namespace odeon::podcasts {

// The steps that a person wants, with all values given.
media::RecordingOptions recording_options(const ProcessingOptions& wanted);

// What the scratch files of early work may take together, in bytes. Thread-safe.
class EarlyRoom {
 public:
  explicit EarlyRoom(std::int64_t most) : left_(most) {}
  bool take(std::int64_t bytes) {
    if (left_.fetch_sub(bytes) >= bytes) return true;
    left_ += bytes;
    return false;
  }
  void give_back(std::int64_t bytes) { left_ += bytes; }
  std::int64_t left() const { return left_; }

 private:
  std::atomic<std::int64_t> left_;
};

// One sound, on threads of its own that yield to all others. It ends where there is no more room for it.
class Listener {
 public:
  Listener(media::RecordingOptions options, EarlyRoom& room, Instant now);
  ~Listener();  // stops, and waits for that

  void hear(SoundPart part, Instant now);
  // All of it is in `whole`: hears the rest and keeps in `file` what it came to, if all went well. That is no early
  // work any more, so it needs no room. Blocking, by one thread; not after `stop`, of which `when` tells too.
  void end(std::unique_ptr<media::BlockingSource> whole, std::string file, media::Progress progress,
           std::stop_token when);
  void stop() { stop_.request_stop(); }
  bool has_ended() const { return ended_; }
  Instant touched_at() const { return touched_at_; }
  std::int64_t bytes_heard() const { return sound_.read_so_far(); }

 private:
  void run(const std::stop_token& stop);
  void grew(std::int64_t bytes);
  void need_no_room();

  media::RecordingOptions options_;
  EarlyRoom& room_;
  std::stop_source stop_;
  ArrivingSound sound_{stop_.get_token()};
  std::atomic<Instant> touched_at_;
  std::mutex mutex_;
  media::Progress progress_;
  bool early_ = true;
  std::int64_t held_ = 0;  // of the room
  std::atomic<bool> ended_ = false;
  std::jthread thread_;
};

// Thread-safe. No call waits but where it says so.
class Listening {
 public:
  // `folder` is made if it is not there. `most_bytes`: of scratch files of what is still arriving. `longest_seconds`:
  // of any sound. What is given outlives it.
  Listening(std::string folder, std::int64_t most_bytes, const Clock& clock,
            double longest_seconds = media::RecordingOptions().max_seconds);

  const double longest_seconds;

  // Whether this part of what is going to be stored there would be of use.
  bool wants(const std::string& storage_key, std::int64_t number);
  // The first one begins it, where there is a place: `wanted` says whether noise is reduced.
  void hear(std::string storage_key, const ProcessingOptions& wanted, SoundPart part);
  // It is going to be stored somewhere else.
  void move(const std::string& from, std::string to);
  void drop(const std::string& storage_key);
  // From now on it is the caller's. Null if nobody listens to it here.
  std::shared_ptr<Listener> take(const std::string& storage_key);

  // Where it is kept what was heard of a sound.
  std::string file_of(std::string_view storage_key) const;
  // Blocking. Listens no more to what nobody sent anything of for an hour, and removes what was kept for a day.
  void sweep();

  // Of one that is listened to, by bytes; none if there is none.
  std::optional<std::int64_t> bytes_heard(const std::string& storage_key);
  // Those that are listened to.
  std::vector<std::string> under_way();
  // How many were let go and have not ended yet, which they take a place for.
  std::size_t ending();

 private:
  bool has_place();
  std::shared_ptr<Listener> begin(const ProcessingOptions& wanted);
  void let_go(std::map<std::string, std::shared_ptr<Listener>>::iterator listener);
  void forget_ended();
  void drop_idle();

  const std::string folder_;
  const Clock& clock_;
  EarlyRoom room_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Listener>> listeners_;  // by where the sound is going to be stored
  std::list<std::shared_ptr<Listener>> ending_;
};

}  // namespace odeon::podcasts
