#include "engine/coordination/redis_link.hpp"

#include "base/error.hpp"
#include "engine/coordination/redis_retry.hpp"
#include "engine/coordination/wakeup.hpp"

namespace odeon::coordination::redis {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kMaxOutgoing = 64 * 1024 * 1024;
// Beyond that an old value may live out its short life.
constexpr std::size_t kMaxForgotten = 10'000;

// The whole server is not able, whatever it is asked: better to leave it alone for a while.
bool ends_session(const Reply& reply) {
  if (!reply.is_error()) return false;
  for (const std::string_view code : {"LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "NOAUTH"})
    if (reply.is_error(code)) return true;
  return false;
}

}  // namespace

// The lock is held while the sleeper is woken: as long as its frame is there, so is its loop.
struct Link::Call {
  std::mutex mutex;
  std::shared_ptr<Wakeup> sleeper;
  std::optional<Reply> reply;

  void end(std::optional<Reply> with) {
    std::lock_guard lock(mutex);
    reply = std::move(with);
    if (sleeper) Wakeup::wake(std::exchange(sleeper, nullptr));
  }
  void leave() {
    std::lock_guard lock(mutex);
    sleeper.reset();
  }
};

Link::Link(asio::any_io_executor executor, const Server& server, const RedisOptions& options)
    : executor_(executor),
      server_(server),
      options_(options),
      work_(executor, asio::steady_timer::time_point::max()),
      due_(executor) {}

Task<std::optional<Reply>> Link::ask(std::string command) {
  struct Asking {
    std::shared_ptr<Call> call = std::make_shared<Call>();
    ~Asking() { call->leave(); }
  } asking;
  const auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  asking.call->sleeper = wakeup;
  if (!enqueue(std::move(command), asking.call)) co_return std::nullopt;
  co_await wakeup->wait();
  co_return std::move(asking.call->reply);
}

void Link::tell(std::string command) {
  enqueue(std::move(command), nullptr);
}

bool Link::enqueue(std::string command, std::shared_ptr<Call> call) {
  std::lock_guard lock(mutex_);
  if (state_ == State::down || outgoing_.size() + command.size() > kMaxOutgoing) return false;
  outgoing_ += command;
  queued_.push_back({SteadyClock::now() + options_.patience, std::move(call)});
  if (!std::exchange(flushing_, true)) asio::post(executor_, [this] { flush(); });
  return true;
}

void Link::flush() {
  {
    std::lock_guard lock(mutex_);
    flushing_ = false;
  }
  work_.cancel();
  watch();
}

std::optional<Link::Time> Link::first_due() {
  if (!unanswered_.empty()) return unanswered_.front().due;
  std::lock_guard lock(mutex_);
  if (queued_.empty()) return std::nullopt;
  return queued_.front().due;
}

// Whatever the connection is doing, looking a name up included, nobody waits longer than promised.
void Link::watch() {
  if (watching_) return;
  const auto due = first_due();
  if (!due) return;
  watching_ = true;
  due_.expires_at(*due);
  due_.async_wait([this](boost::system::error_code) {
    watching_ = false;
    const auto oldest = first_due();
    if (!oldest || *oldest > SteadyClock::now()) return watch();
    gave_up_ = fmt::format("no answer within {} ms", options_.patience.count());
    go_down(gave_up_);
    if (connection_) connection_->close();
  });
}

void Link::go_down(std::string why) {
  std::deque<Sent> lost = std::exchange(unanswered_, {});
  {
    std::lock_guard lock(mutex_);
    fault_ = std::move(why);
    state_ = State::down;
    outgoing_.clear();
    std::ranges::move(queued_, std::back_inserter(lost));
    queued_.clear();
  }
  for (auto& sent : lost)
    if (sent.call) sent.call->end(std::nullopt);
}

void Link::forget_when_back(std::string key) {
  std::lock_guard lock(mutex_);
  if (forgotten_.size() < kMaxForgotten) forgotten_.insert(std::move(key));
}

std::string Link::fault() const {
  std::lock_guard lock(mutex_);
  return fault_;
}

Task<void> Link::run() {
  Retry retry(options_.first_retry, options_.last_retry);
  for (;;) {
    const auto started = SteadyClock::now();
    const auto outcome = co_await settle(serve());
    go_down(gave_up_.empty() ? describe(outcome.error()) : std::exchange(gave_up_, {}));
    connection_.reset();
    co_await sleep_on_loop(retry.after(SteadyClock::now() - started));
  }
}

Task<void> Link::serve() {
  connection_ = co_await with_timeout(options_.connecting, open());
  gave_up_.clear();
  std::vector<Task<void>> both;
  both.push_back(write_commands());
  both.push_back(read_replies());
  co_await all_of(std::move(both));
}

// A server is there once it has shown that it can be written to.
Task<std::shared_ptr<Connection>> Link::open() {
  auto connection = co_await server_.connect();
  co_await connection->send(command({"SET", options_.prefix + "ping", "", "PX", "1000"}));
  // Memory that is full is no fault of the whole: announcements still pass.
  if (const Reply written = co_await connection->receive(); ends_session(written)) raise(written);
  co_await remove_forgotten(connection);
  co_return connection;
}

// Ends with the link up, between which and the last look at what is forgotten nothing comes.
Task<void> Link::remove_forgotten(std::shared_ptr<Connection> connection) {
  struct Removing {
    Link& link;
    std::set<std::string> keys;
    ~Removing() {
      std::lock_guard lock(link.mutex_);
      link.forgotten_.merge(keys);
    }
  } removing{*this};
  for (;;) {
    {
      std::lock_guard lock(mutex_);
      removing.keys.swap(forgotten_);
      if (removing.keys.empty()) {
        state_ = State::up;
        co_return;
      }
    }
    std::vector<std::string> parts{"DEL"};
    parts.insert(parts.end(), removing.keys.begin(), removing.keys.end());
    co_await connection->send(command(parts));
    if (const Reply removed = co_await connection->receive(); removed.is_error()) raise(removed);
    removing.keys.clear();
  }
}

Task<void> Link::write_commands() {
  std::string writing;
  for (;;) {
    {
      std::lock_guard lock(mutex_);
      writing.clear();
      writing.swap(outgoing_);
      std::ranges::move(queued_, std::back_inserter(unanswered_));
      queued_.clear();
    }
    if (writing.empty()) {
      boost::system::error_code woken;
      co_await work_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    } else {
      co_await connection_->send(writing);
    }
  }
}

Task<void> Link::read_replies() {
  for (;;) {
    while (auto reply = connection_->ready()) answer(std::move(*reply));
    co_await connection_->more();
  }
}

void Link::answer(Reply reply) {
  if (ends_session(reply)) raise(reply);
  if (unanswered_.empty()) throw Error(Fault::upstream, "REDIS_NONSENSE", "Redis answers what nobody asked.");
  const auto call = std::move(unanswered_.front().call);
  unanswered_.pop_front();
  if (call) call->end(std::move(reply));
}

}  // namespace odeon::coordination::redis
