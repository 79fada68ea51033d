#include "base/log.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/json.hpp"

namespace odeon {
namespace {

// A line is JSON whatever bytes come from outside.
template <class T>
void append(std::string& line, const T& value) {
  if constexpr (std::same_as<T, std::string_view>)
    json::append_quoted(line, text::is_utf8(value) ? value : std::string_view(text::to_valid_utf8(value)));
  else
    json::append(line, value);
}

// The names of fields are our own.
void append_name(std::string& line, std::string_view name) {
  line += ",\"";
  line += name;
  line += "\":";
}

std::string make_line(Log::Level level, std::string_view event, Log::Fields fields) {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error", "off"};
  constexpr std::size_t kUsual = 512;
  std::string line;
  line.reserve(kUsual);
  line = "{\"time\":\"";
  line += to_iso8601(SystemClock().now());
  line += "\",\"level\":\"";
  line += names[static_cast<std::size_t>(level)];
  line += "\",\"event\":";
  json::append_quoted(line, event);
  for (const auto& field : fields) {
    append_name(line, field.key);
    std::visit([&](const auto& value) { append(line, value); }, field.value);
  }
  line += "}\n";
  return line;
}

}  // namespace

// Collects lines and writes them in batches: a line of its own for each request, written and flushed alone,
// cost more than the request.
class Log::Sink {
 public:
  ~Sink() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
  }

  void add(std::string_view line) {
    std::unique_lock lock(mutex_);
    if (lines_.size() + line.size() > max_bytes) {
      ++dropped_;
      return;
    }
    const bool first = lines_.empty();
    lines_.append(line);
    lock.unlock();
    if (first) changed_.notify_one();
  }

 private:
  static constexpr std::size_t max_bytes = 4 * 1024 * 1024;  // while whoever reads standard error is slow
  static constexpr std::chrono::milliseconds gathering{2};

  void run() {
    std::string batch;
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return stopping_ || !lines_.empty(); });
      changed_.wait_for(lock, gathering, [&] { return stopping_; });
      if (lines_.empty()) return;
      std::swap(batch, lines_);
      if (dropped_ > 0) batch += make_line(Level::warning, "log.dropped", {{"lines", dropped_}});
      dropped_ = 0;
      lock.unlock();
      write_all(batch);
      batch.clear();
      if (batch.capacity() > max_bytes / 16) batch.shrink_to_fit();
      lock.lock();
    }
  }

  static void write_all(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(STDERR_FILENO, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) {  // standard error shared with someone who set it so
        pollfd room{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
        ::poll(&room, 1, -1);
        continue;
      }
      if (count < 0) return;  // nobody reads, and there is nowhere to say so
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string lines_;
  std::int64_t dropped_ = 0;
  bool stopping_ = false;
  std::jthread writer_{[this] { run(); }};  // last: it uses the others, and is joined before they go
};

Log::Log(Level level) : level_(level) {
  if (level != Level::off) sink_ = std::make_unique<Sink>();
}

Log::~Log() = default;

void Log::write(Level level, std::string_view event, Fields fields) {
  if (!sink_ || level < level_) return;
  sink_->add(make_line(level, event, fields));
}

}  // namespace odeon
