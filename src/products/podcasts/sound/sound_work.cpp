#include "products/podcasts/sound/sound_work.hpp"

#include <atomic>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <filesystem>

#include "base/stoppable.hpp"
#include "engine/media/id3.hpp"
#include "products/podcasts/sound/object_source.hpp"

namespace odeon::podcasts {
namespace {

// As process_recording divides its work.
constexpr double kHeardPart = 0.35;

SoundStage stage_at(double done) {
  if (done < kHeardPart) return {"cleaning", "Listening to the recording and cleaning it"};
  if (done < 0.42) return {"levelling", "Setting the loudness"};
  return {"encoding", "Making the MP3"};
}

// How far a thread has come, for a loop to follow: each percent once, the newest where several came at once.
class Advance : public std::enable_shared_from_this<Advance> {
 public:
  explicit Advance(asio::any_io_executor loop) : loop_(std::move(loop)), changed_(loop_, Never::max()) {}

  // By the thread.
  void reach(double done) {
    if (static_cast<int>(done * kMadePercent) == static_cast<int>(done_.load() * kMadePercent)) return;
    done_ = done;
    asio::post(loop_, [self = shared_from_this()] { self->changed_.cancel(); });
  }
  // On the loop. Ends only when `tell` says so.
  Task<void> follow(SoundWork::Tell tell) {
    for (double told = -1;;) {
      const double now = done_;
      if (now == told) {
        boost::system::error_code woken;
        co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        continue;
      }
      told = now;
      if (!co_await tell(static_cast<int>(now * kMadePercent), stage_at(now))) co_return;
    }
  }

 private:
  using Never = asio::steady_timer::time_point;
  const asio::any_io_executor loop_;
  asio::steady_timer changed_;
  std::atomic<double> done_ = 0;
};

class ToScratch final : public media::RecordingOutput {
 public:
  explicit ToScratch(media::ScratchFile& file) : file_(file) {}
  void write(std::span<const char> bytes) override { file_.write(file_.size(), bytes); }

 private:
  media::ScratchFile& file_;
};

class ScratchBytes final : public ByteSource {
 public:
  ScratchBytes(ThreadPool& pool, const media::ScratchFile& file) : pool_(pool), file_(file) {}
  Task<std::size_t> read(std::span<char> into) override {
    const auto count = co_await run_blocking(pool_, [this, into] { return file_.read(at_, into); });
    at_ += static_cast<std::int64_t>(count);
    co_return count;
  }

 private:
  ThreadPool& pool_;
  const media::ScratchFile& file_;
  std::int64_t at_ = 0;
};

// A frame of layer III stands first, or behind a tag. What it is in truth, the decoder tells.
Task<bool> begins_as_mp3(std::shared_ptr<ReadableObject> sound) {
  std::string head(10, '\0'), frame(2, '\0');
  if (co_await sound->read_at(0, head) < head.size()) co_return false;
  const auto tag = media::id3_size(head);
  if (co_await sound->read_at(tag, frame) < frame.size()) co_return false;
  co_return frame[0] == '\xFF' && (frame[1] & '\xE6') == '\xE2';
}

}  // namespace

SoundWork::SoundWork(ThreadPool& heavy, std::string scratch_folder, Listening& listening)
    : heavy_(heavy), scratch_folder_(std::move(scratch_folder)), listening_(listening) {
  if (!scratch_folder_.empty()) std::filesystem::create_directories(scratch_folder_);
}

Task<std::optional<MadeSound>> SoundWork::make(std::string storage_key, std::shared_ptr<ReadableObject> source,
                                               media::RecordingOptions options, Tell tell) {
  using namespace asio::experimental::awaitable_operators;
  const auto loop = co_await asio::this_coro::executor;
  const auto advance = std::make_shared<Advance>(loop);
  options.scratch_folder = scratch_folder_;
  options.max_seconds = listening_.longest_seconds;
  options.heard_file = listening_.file_of(storage_key);
  auto work = [this, source = std::move(source), options = std::move(options), loop, advance,
               begun = listening_.take(storage_key)](std::stop_token stop) {
    listening_.sweep();
    if (begun)
      begun->end(
          source_of(source, loop, stop), options.heard_file, [&](double done) { advance->reach(kHeardPart * done); },
          stop);
    MadeSound made{std::make_unique<media::ScratchFile>(options.scratch_folder), {}};
    ToScratch output(*made.mp3);
    const auto bytes = source_of(source, loop, stop);
    made.about = media::process_recording(*bytes, options, output, [&](double done) { advance->reach(done); }, stop);
    return made;
  };
  auto outcome = co_await (settle(run_stoppable(heavy_, std::move(work))) || settle(advance->follow(std::move(tell))));
  if (outcome.index() == 1) {
    if (auto& followed = std::get<1>(outcome); !followed) std::rethrow_exception(followed.error());
    co_return std::nullopt;
  }
  auto& made = std::get<0>(outcome);
  if (!made) std::rethrow_exception(made.error());
  co_return std::move(*made);
}

Task<std::unique_ptr<media::ScratchFile>> SoundWork::tag(std::shared_ptr<ReadableObject> mp3, media::Tags tags,
                                                         std::vector<media::Chapter> chapters, double seconds) {
  const auto loop = co_await asio::this_coro::executor;
  auto work = [&](std::stop_token stop) -> std::unique_ptr<media::ScratchFile> {
    if (media::is_tagged(*source_of(mp3, loop, stop), tags, chapters, seconds)) return nullptr;
    auto file = std::make_unique<media::ScratchFile>(scratch_folder_);
    ToScratch output(*file);
    const auto bytes = source_of(mp3, loop, stop);
    media::retag(*bytes, tags, chapters, seconds, output);
    return file;
  };
  co_return co_await run_stoppable(heavy_, std::move(work));
}

Task<SoundSeen> SoundWork::look_at(std::shared_ptr<ReadableObject> sound) {
  const auto loop = co_await asio::this_coro::executor;
  const bool is_mp3 = co_await begins_as_mp3(sound);
  auto look = [sound = std::move(sound), loop, is_mp3, longest = listening_.longest_seconds,
               folder = scratch_folder_](std::stop_token stop) {
    const auto bytes = source_of(sound, loop, stop);
    media::AudioReader reader(*bytes, {.max_seconds = longest}, folder);
    for (std::vector<float> piece; reader.read(piece);)
      if (stop.stop_requested()) throw boost::system::system_error(asio::error::operation_aborted);
    if (reader.seconds() == 0) throw media::bad_file("EMPTY_RECORDING", "There is no sound in this file.");
    return SoundSeen{reader.seconds(), is_mp3};
  };
  co_return co_await run_stoppable(heavy_, std::move(look));
}

Task<void> SoundWork::forget(std::string storage_key) {
  co_await run_blocking(heavy_, [file = listening_.file_of(storage_key)] { return std::remove(file.c_str()); });
}

std::unique_ptr<ByteSource> SoundWork::bytes_of(const media::ScratchFile& made) {
  return std::make_unique<ScratchBytes>(heavy_, made);
}

}  // namespace odeon::podcasts
