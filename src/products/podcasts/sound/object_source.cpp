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

class FarObject final : public media::BlockingSource {
 public:
  FarObject(std::shared_ptr<ReadableObject> object, asio::any_io_executor loop, std::stop_token stop)
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
  // Everything of it but the waiting happens on the loop.
  struct Fetch {
    asio::cancellation_signal signal;
    std::promise<std::string> arrived;
  };
  static Task<std::string> fetched(std::shared_ptr<ReadableObject> object, std::uint64_t offset) {
    std::string piece(std::min<std::uint64_t>(kPiece, object->size() - offset), '\0');
    piece.resize(piece.empty() ? 0 : co_await object->read_at(offset, piece));
    co_return piece;
  }
  void fetch() {
    auto fetch = std::make_shared<Fetch>();
    auto arrived = fetch->arrived.get_future();
    asio::post(loop_, [fetch, object = object_, loop = loop_, at = at_] {
      auto done = [fetch](std::exception_ptr failure, std::string piece) {
        failure ? fetch->arrived.set_exception(failure) : fetch->arrived.set_value(std::move(piece));
      };
      asio::co_spawn(loop, fetched(object, at), asio::bind_cancellation_slot(fetch->signal.slot(), std::move(done)));
    });
    const std::stop_callback end(stop_, [this, fetch] {
      asio::post(loop_, [fetch] { fetch->signal.emit(asio::cancellation_type::terminal); });
    });
    piece_ = arrived.get();
    piece_at_ = at_;
    if (piece_.empty() && at_ < object_->size())
      throw Error(Fault::unavailable, "SOUND_UNREADABLE", "The recording cannot be read at present.");
  }

  const std::shared_ptr<ReadableObject> object_;
  const asio::any_io_executor loop_;
  const std::stop_token stop_;
  std::string piece_;
  std::uint64_t at_ = 0, piece_at_ = 0;
};

}  // namespace

std::unique_ptr<media::BlockingSource> open_file(std::shared_ptr<ReadableObject> object) {
  return object->descriptor() >= 0 ? std::make_unique<OpenFile>(std::move(object)) : nullptr;
}

std::unique_ptr<media::BlockingSource> source_of(std::shared_ptr<ReadableObject> object, asio::any_io_executor loop,
                                                 std::stop_token stop) {
  if (auto file = open_file(object)) return file;
  return std::make_unique<FarObject>(std::move(object), std::move(loop), std::move(stop));
}

}  // namespace odeon::podcasts
