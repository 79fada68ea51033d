#include "products/podcasts/sound/object_source.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <cstring>
#include <future>

#include "base/error.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kPiece = 2 << 20;  // what is asked for at once of what is far away

class OpenFile final : public media::BlockingSource {
 public:
  explicit OpenFile(std::shared_ptr<ReadableObject> object)
      : object_(std::move(object)), file_(object_->descriptor(), static_cast<std::int64_t>(object_->size())) {}
  std::size_t read(std::span<char> into) override { return file_.read(into); }
  std::optional<std::int64_t> size() const override { return file_.size(); }
  bool seek(std::int64_t offset) override { return file_.seek(offset); }

 private:
  const std::shared_ptr<ReadableObject> object_;  // keeps the descriptor open
  media::FileSource file_;
};

// A piece on its way. Everything of it but the waiting happens on the loop.
class Fetch {
 public:
  Fetch(const std::shared_ptr<ReadableObject>& object, const asio::any_io_executor& loop, std::uint64_t offset)
      : loop_(loop), offset_(offset), on_loop_(std::make_shared<OnLoop>()), arrived_(on_loop_->arrived.get_future()) {
    asio::post(loop_, [on = on_loop_, object, loop, offset] {
      auto done = [on](std::exception_ptr failure, std::string piece) {
        failure ? on->arrived.set_exception(failure) : on->arrived.set_value(std::move(piece));
      };
      asio::co_spawn(loop, fetched(object, offset), asio::bind_cancellation_slot(on->signal.slot(), std::move(done)));
    });
  }
  Fetch(const Fetch&) = delete;
  // Nobody wants it any more, unless it was waited for.
  ~Fetch() {
    if (arrived_.valid()) cancel();
  }

  std::uint64_t offset() const { return offset_; }
  std::string wait(const std::stop_token& stop) {
    const std::stop_callback end(stop, [this] { cancel(); });
    return arrived_.get();
  }

 private:
  struct OnLoop {
    asio::cancellation_signal signal;
    std::promise<std::string> arrived;
  };
  static Task<std::string> fetched(std::shared_ptr<ReadableObject> object, std::uint64_t offset) {
    std::string piece(std::min<std::uint64_t>(kPiece, object->size() - offset), '\0');
    piece.resize(piece.empty() ? 0 : co_await object->read_at(offset, piece));
    co_return piece;
  }
  void cancel() {
    asio::post(loop_, [on = on_loop_] { on->signal.emit(asio::cancellation_type::terminal); });
  }

  const asio::any_io_executor loop_;
  const std::uint64_t offset_;
  const std::shared_ptr<OnLoop> on_loop_;
  std::future<std::string> arrived_;
};

class FarSource final : public media::BlockingSource {
 public:
  FarSource(std::shared_ptr<ReadableObject> object, asio::any_io_executor loop, std::stop_token stop)
      : object_(std::move(object)), loop_(std::move(loop)), stop_(std::move(stop)) {}

  std::size_t read(std::span<char> into) override {
    if (at_ < piece_at_ || at_ >= piece_at_ + piece_.size()) fetch();
    const auto there = std::span(piece_).subspan(at_ - piece_at_);
    const std::size_t count = std::min(there.size(), into.size());
    std::memcpy(into.data(), there.data(), count);
    at_ += count;
    return count;
  }
  std::optional<std::int64_t> size() const override { return static_cast<std::int64_t>(object_->size()); }
  bool seek(std::int64_t offset) override {
    if (offset < 0) return false;
    at_ = std::min(static_cast<std::uint64_t>(offset), object_->size());
    return true;
  }

 private:
  void fetch() {
    const bool goes_on = at_ > 0 && at_ == piece_at_ + piece_.size();
    if (next_ == nullptr || next_->offset() != at_) next_ = std::make_unique<Fetch>(object_, loop_, at_);
    piece_ = std::exchange(next_, nullptr)->wait(stop_);
    piece_at_ = at_;
    if (piece_.empty() && at_ < object_->size())
      throw Error(Fault::unavailable, "SOUND_UNREADABLE", "The recording cannot be read at present.");
    // Whoever jumps about in it is not read ahead for.
    const auto end = piece_at_ + piece_.size();
    if (goes_on && end < object_->size()) next_ = std::make_unique<Fetch>(object_, loop_, end);
  }

  const std::shared_ptr<ReadableObject> object_;
  const asio::any_io_executor loop_;
  const std::stop_token stop_;
  std::string piece_;
  std::uint64_t at_ = 0, piece_at_ = 0;
  std::unique_ptr<Fetch> next_;
};

}  // namespace

std::unique_ptr<media::BlockingSource> open_file(std::shared_ptr<ReadableObject> object) {
  return object->descriptor() >= 0 ? std::make_unique<OpenFile>(std::move(object)) : nullptr;
}

std::unique_ptr<media::BlockingSource> source_of(std::shared_ptr<ReadableObject> object, asio::any_io_executor loop,
                                                 std::stop_token stop) {
  if (auto file = open_file(object)) return file;
  return std::make_unique<FarSource>(std::move(object), std::move(loop), std::move(stop));
}

}  // namespace odeon::podcasts
