#include "products/podcasts/sound/listening.hpp"

#include <filesystem>

#include "base/crypto.hpp"
#include "base/threads.hpp"

namespace odeon::podcasts {
namespace {

constexpr std::size_t kListenedAtOnce = 4;  // each is a scratch file, and some megabytes
constexpr std::chrono::minutes kGivesWay{1};
constexpr std::chrono::hours kIdleHeard{1}, kHeardKept{24};
constexpr std::string_view kHeardEnding = ".heard";

}  // namespace

media::RecordingOptions recording_options(const ProcessingOptions& wanted) {
  media::RecordingOptions options;
  if (!*wanted.remove_noise) options.noise_reduction.reset();
  if (!*wanted.remove_silences) options.silences.reset();
  options.loudness = static_cast<double>(*wanted.target_lufs);
  if (!*wanted.normalize_loudness) options.loudness.reset();
  if (!*wanted.fades) options.fades.reset();
  options.bitrate = static_cast<int>(*wanted.bitrate) * 1000;
  return options;
}

Listener::Listener(media::RecordingOptions options, EarlyRoom& room, Instant now)
    : options_(std::move(options)), room_(room), touched_at_(now) {
  options_.scratch_grew = [this](std::int64_t bytes) { grew(bytes); };
  thread_ = std::jthread([this] { run(stop_.get_token()); });
}

Listener::~Listener() {
  stop();
}

void Listener::hear(SoundPart part, Instant now) {
  touched_at_ = now;
  sound_.add(std::move(part));
}

void Listener::run(const std::stop_token& stop) {
  yield_to_others();
  try {
    const auto tell = [this](double done) {
      const std::scoped_lock lock(mutex_);
      if (progress_) progress_(done);
    };
    static_cast<void>(media::hear_recording(sound_, options_, tell, stop));
  } catch (...) {
    // Whatever it is, the job that does it all meets it too, and has somebody to tell.
  }
  need_no_room();
  ended_ = true;
}

void Listener::grew(std::int64_t bytes) {
  const std::scoped_lock lock(mutex_);
  if (!early_ || bytes == held_) return;
  if (!room_.take(bytes - held_))
    throw Error(Fault::unavailable, "NO_EARLY_ROOM", "There is no room to hear more of it before all of it is here.");
  held_ = bytes;
}

void Listener::need_no_room() {
  const std::scoped_lock lock(mutex_);
  early_ = false;
  room_.give_back(std::exchange(held_, 0));
}

void Listener::end(std::unique_ptr<media::BlockingSource> whole, std::string file, media::Progress progress,
                   std::stop_token when) {
  options_.heard_file = std::move(file);  // not looked at before the end, which comes after this
  need_no_room();
  {
    const std::scoped_lock lock(mutex_);
    progress_ = std::move(progress);
  }
  sound_.complete(std::move(whole));
  const std::stop_callback pass_on(when, [this] { stop(); });
  thread_.join();
}

Listening::Listening(std::string folder, std::int64_t most_bytes, const Clock& clock, double longest_seconds)
    : longest_seconds(longest_seconds), folder_(std::move(folder)), clock_(clock), room_(most_bytes) {
  std::filesystem::create_directories(folder_);
}

bool Listening::wants(const std::string& storage_key, std::int64_t number) {
  const std::scoped_lock lock(mutex_);
  forget_ended();
  return number == 0 || listeners_.contains(storage_key);
}

void Listening::hear(std::string storage_key, const ProcessingOptions& wanted, SoundPart part) {
  const std::scoped_lock lock(mutex_);
  forget_ended();
  auto found = listeners_.find(storage_key);
  if (found == listeners_.end()) {
    if (part.number != 0 || !has_place()) return;
    auto listener = begin(wanted);
    if (listener == nullptr) return;
    found = listeners_.emplace(std::move(storage_key), std::move(listener)).first;
  }
  found->second->hear(std::move(part), clock_.now());
}

std::shared_ptr<Listener> Listening::begin(const ProcessingOptions& wanted) {
  auto options = recording_options(wanted);
  options.scratch_folder = folder_;
  options.max_seconds = longest_seconds;
  try {
    return std::make_shared<Listener>(std::move(options), room_, clock_.now());
  } catch (const std::system_error&) {
    return nullptr;  // the machine has no thread for it
  }
}

// Whoever has waited for long gives way.
bool Listening::has_place() {
  if (room_.left() <= 0) return false;
  if (listeners_.size() + ending_.size() < kListenedAtOnce) return true;
  const auto oldest =
      std::ranges::min_element(listeners_, {}, [](const auto& listener) { return listener.second->touched_at(); });
  if (oldest == listeners_.end() || oldest->second->touched_at() + kGivesWay > clock_.now()) return false;
  let_go(oldest);
  return true;
}

// It is waited for once it has ended, so that nobody is kept.
void Listening::let_go(std::map<std::string, std::shared_ptr<Listener>>::iterator listener) {
  listener->second->stop();
  ending_.push_back(std::move(listener->second));
  listeners_.erase(listener);
}

// One that ends before its sound does has met something that it cannot hear.
void Listening::forget_ended() {
  std::erase_if(ending_, [](const auto& listener) { return listener->has_ended(); });
  std::erase_if(listeners_, [](const auto& listener) { return listener.second->has_ended(); });
}

void Listening::move(const std::string& from, std::string to) {
  const std::scoped_lock lock(mutex_);
  auto moved = listeners_.extract(from);
  if (moved.empty()) return;
  moved.key() = std::move(to);
  listeners_.insert(std::move(moved));
}

void Listening::drop(const std::string& storage_key) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = listeners_.find(storage_key); found != listeners_.end()) let_go(found);
  forget_ended();
}

void Listening::drop_idle() {
  const std::scoped_lock lock(mutex_);
  for (auto at = listeners_.begin(); at != listeners_.end();) {
    const auto listener = at++;
    if (listener->second->touched_at() + kIdleHeard <= clock_.now()) let_go(listener);
  }
  forget_ended();
}

std::shared_ptr<Listener> Listening::take(const std::string& storage_key) {
  const std::scoped_lock lock(mutex_);
  auto taken = listeners_.extract(storage_key);
  return taken.empty() ? nullptr : std::move(taken.mapped());
}

std::string Listening::file_of(std::string_view storage_key) const {
  return fmt::format("{}/{}{}", folder_, crypto::sha256_hex(storage_key), kHeardEnding);
}

void Listening::sweep() {
  drop_idle();
  const auto before = std::filesystem::file_time_type::clock::now() - kHeardKept;
  std::error_code gone;  // by another hand, meanwhile
  for (const auto& entry : std::filesystem::directory_iterator(folder_))
    if (entry.path().extension() == kHeardEnding && entry.last_write_time(gone) < before)
      std::filesystem::remove(entry.path(), gone);
}

std::optional<std::int64_t> Listening::bytes_heard(const std::string& storage_key) {
  const std::scoped_lock lock(mutex_);
  const auto found = listeners_.find(storage_key);
  return found == listeners_.end() ? std::nullopt : std::optional(found->second->bytes_heard());
}

std::size_t Listening::ending() {
  const std::scoped_lock lock(mutex_);
  forget_ended();
  return ending_.size();
}

std::vector<std::string> Listening::under_way() {
  const std::scoped_lock lock(mutex_);
  forget_ended();
  std::vector<std::string> keys;
  keys.reserve(listeners_.size());
  for (const auto& [key, listener] : listeners_) keys.push_back(key);
  return keys;
}

}  // namespace odeon::podcasts
