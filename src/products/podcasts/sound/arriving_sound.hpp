// A sound that is on its way, as work on another thread reads it: front to back, as far as it has come.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>

#include "base/bytes.hpp"
#include "engine/media/blocking_source.hpp"

namespace odeon::podcasts {

// A part of it. Parts may come in any order, and more than once.
struct SoundPart {
  std::int64_t number = 0;  // 0 is the first
  std::int64_t next = 0;    // the number of the one behind it
  std::unique_ptr<media::BlockingSource> source;
  std::size_t in_memory = 0;  // bytes that it holds
};

// Bytes of its own.
SoundPart part_in_memory(std::int64_t number, std::span<const char> bytes);
// A stored object; nothing where that is no file of this machine.
std::optional<SoundPart> part_of(std::shared_ptr<ReadableObject> object, std::int64_t number, std::int64_t next);

// Of parts that wait to be read it holds some, and leaves out what is beyond that: from the first that is missing the
// reader waits for the whole. So memory and open files are bounded, whoever is faster.
class ArrivingSound final : public media::BlockingSource {
 public:
  // Once `stop` is asked for, whoever reads is told operation_aborted.
  explicit ArrivingSound(std::stop_token stop) : stop_(std::move(stop)) {}

  // By any thread, and never waits.
  void add(SoundPart part);
  // It is all there. What was not read of its parts is read of `whole`, which can be gone to anywhere in.
  void complete(std::unique_ptr<media::BlockingSource> whole);
  // How many bytes were read until now.
  std::int64_t read_so_far() const;

  // By one thread.
  std::size_t read(std::span<char> into) override;
  std::optional<std::int64_t> size() const override;

 private:
  bool has_room(const SoundPart& part) const;
  void count(const SoundPart& part, int more);
  std::size_t advance(std::size_t count);

  const std::stop_token stop_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::int64_t, SoundPart> waiting_;
  std::size_t in_memory_ = 0, in_files_ = 0;  // bytes and parts, of those that wait
  std::int64_t next_ = 0;                     // the part that comes next
  std::int64_t at_ = 0;
  std::unique_ptr<media::BlockingSource> whole_;
  std::unique_ptr<media::BlockingSource> current_;  // of the reader alone: a part, or the whole
};

}  // namespace odeon::podcasts
