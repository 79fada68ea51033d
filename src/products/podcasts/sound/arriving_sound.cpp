#include "products/podcasts/sound/arriving_sound.hpp"

#include "products/podcasts/sound/object_source.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kMostOpen = 64;           // files
constexpr std::size_t kMostInMemory = 8 << 20;  // bytes

class HeldBytes final : public media::BlockingSource {
 public:
  explicit HeldBytes(std::string bytes) : bytes_(std::move(bytes)), source_(bytes_) {}
  std::size_t read(std::span<char> into) override { return source_.read(into); }

 private:
  const std::string bytes_;
  media::MemorySource source_;
};

}  // namespace

SoundPart part_in_memory(std::int64_t number, std::span<const char> bytes) {
  return {number, number + std::ssize(bytes), std::make_unique<HeldBytes>(std::string(bytes.data(), bytes.size())),
          bytes.size()};
}

std::optional<SoundPart> part_of(std::shared_ptr<ReadableObject> object, std::int64_t number, std::int64_t next) {
  auto file = object != nullptr ? open_file(std::move(object)) : nullptr;
  if (file == nullptr) return std::nullopt;
  return SoundPart{number, next, std::move(file), 0};
}

bool ArrivingSound::has_room(const SoundPart& part) const {
  return part.in_memory > 0 ? in_memory_ + part.in_memory <= kMostInMemory : in_files_ < kMostOpen;
}

void ArrivingSound::count(const SoundPart& part, int more) {
  if (part.in_memory > 0)
    in_memory_ += part.in_memory * static_cast<std::size_t>(more);
  else
    in_files_ += static_cast<std::size_t>(more);
}

void ArrivingSound::add(SoundPart part) {
  const std::scoped_lock lock(mutex_);
  if (whole_ != nullptr || part.number < next_ || waiting_.contains(part.number) || !has_room(part)) return;
  count(part, 1);
  waiting_.emplace(part.number, std::move(part));
  changed_.notify_one();
}

void ArrivingSound::complete(std::unique_ptr<media::BlockingSource> whole) {
  const std::scoped_lock lock(mutex_);
  whole_ = std::move(whole);
  waiting_.clear();
  changed_.notify_one();
}

std::int64_t ArrivingSound::read_so_far() const {
  const std::scoped_lock lock(mutex_);
  return at_;
}

std::optional<std::int64_t> ArrivingSound::size() const {
  const std::scoped_lock lock(mutex_);
  return whole_ != nullptr ? whole_->size() : std::nullopt;
}

std::size_t ArrivingSound::advance(std::size_t count) {
  const std::scoped_lock lock(mutex_);
  at_ += static_cast<std::int64_t>(count);
  return count;
}

std::size_t ArrivingSound::read(std::span<char> into) {
  for (;;) {
    if (current_ != nullptr)
      if (const auto count = current_->read(into); count > 0) return advance(count);
    std::unique_lock lock(mutex_);
    if (whole_ != nullptr) {
      lock.unlock();
      // Nobody else touches it from now on.
      if (!whole_->seek(at_)) return 0;
      return advance(whole_->read(into));
    }
    current_.reset();
    changed_.wait(lock, stop_, [&] { return whole_ != nullptr || waiting_.contains(next_); });
    if (stop_.stop_requested()) throw boost::system::system_error(asio::error::operation_aborted);
    if (whole_ != nullptr) continue;
    auto part = std::move(waiting_.extract(next_).mapped());
    count(part, -1);
    next_ = part.next;
    current_ = std::move(part.source);
  }
}

}  // namespace odeon::podcasts
