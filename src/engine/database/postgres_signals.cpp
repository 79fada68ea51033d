#include "engine/database/postgres_signals.hpp"

namespace odeon::database::postgres {
namespace {

using namespace std::chrono_literals;

constexpr auto kPause = 500ms;               // between attempts to connect
constexpr std::size_t kMostUnsent = 10'000;  // while the server is away
constexpr std::string_view kListen = "LISTEN odeon";
constexpr std::string_view kNotify = "SELECT pg_notify('odeon', $1)";

}  // namespace

// Who listens. Ends with its last copy, also after the database.
struct Signals::Listening {
  std::shared_ptr<Signals> signals;
  std::uint64_t number = 0;
  ~Listening() { signals->forget(number); }
};

Signals::Signals(const PostgresOptions& options) : options_(options), settings_(settings_from(options.url)) {}

void Signals::in_thread(std::function<void()> call) {
  std::lock_guard lock(starting_);
  if (stopped_) return;
  asio::post(loop_, std::move(call));
  if (!thread_.joinable()) thread_ = std::thread([this] { loop_.run(); });
}

void Signals::stop() {
  std::lock_guard lock(starting_);
  stopped_ = true;
  if (!thread_.joinable()) return;
  asio::post(loop_, [this] {
    if (const auto connection = connection_) connection->close("the database was closed");
    loop_.stop();
  });
  thread_.join();
}

void Signals::send(std::string topic, std::string message) {
  in_thread([this, payload = std::move(topic) + '\n' + std::move(message)] {
    if (unsent_.size() < kMostUnsent) unsent_.insert(payload);
    flush();
  });
}

std::shared_ptr<void> Signals::listen(std::string topic, Heard heard) {
  std::uint64_t number = 0;
  {
    std::lock_guard lock(mutex_);
    number = ++next_listener_;
    listeners_[number] = {std::move(topic), std::move(heard)};
  }
  in_thread([this] { connection_ ? listen_on_server() : want_connection(); });
  return std::make_shared<Listening>(shared_from_this(), number);
}

void Signals::forget(std::uint64_t number) {
  std::lock_guard lock(mutex_);
  listeners_.erase(number);
}

void Signals::tell(std::string_view topic, const std::string& message) {
  std::lock_guard lock(mutex_);
  for (const auto& [number, listener] : listeners_)
    if (topic.empty() || listener.topic == topic) listener.heard(message);
}

void Signals::heard(std::string_view payload) {
  const auto end = payload.find('\n');
  if (end != std::string_view::npos) tell(payload.substr(0, end), std::string(payload.substr(end + 1)));
}

void Signals::want_connection() {
  if (opening_ || connection_) return;
  opening_ = true;
  asio::co_spawn(loop_, open(), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
}

Task<void> Signals::open() {
  Link link;
  while (!link) {
    bool away = false;
    try {
      link = co_await with_timeout(options_.connect_timeout, connect(settings_));
    } catch (...) {
      away = true;
    }
    if (away) unsent_.clear();  // whom they were for has polled meanwhile
    if (away) co_await sleep_on_loop(kPause);
  }
  opening_ = false;
  sending_ = false;
  connection_ = std::make_shared<Connection>(loop_, std::move(link), *this, done_);
  connection_->start();
  listen_on_server();
  flush();
}

// Whoever listens by now may have missed something before.
void Signals::listen_on_server() {
  {
    std::lock_guard lock(mutex_);
    if (listeners_.empty()) return;
  }
  const auto told = [this](bool ok) {
    if (ok) tell("", "");
  };
  if (connection_) connection_->send(kListen, {}, told);
}

void Signals::flush() {
  if (!connection_) return want_connection();
  if (sending_ || unsent_.empty()) return;
  sending_ = true;
  auto payloads = std::exchange(unsent_, {});
  const auto connection = connection_;
  for (auto node = payloads.begin(); node != payloads.end() && connection_;) {
    const bool last = std::next(node) == payloads.end();
    const Values values{*node++};
    Connection::Done done;
    if (last)
      done = [this](bool ok) {
        sending_ = false;
        if (ok) flush();
      };
    connection->send(kNotify, values, std::move(done));
  }
}

void Signals::lost(Connection&) {
  connection_.reset();
  unsent_.clear();
  {
    std::lock_guard lock(mutex_);
    if (listeners_.empty()) return;
  }
  asio::post(loop_, [this] { want_connection(); });
}

}  // namespace odeon::database::postgres
