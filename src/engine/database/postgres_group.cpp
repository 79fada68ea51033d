#include "engine/database/libpq.hpp"
#include "engine/database/postgres_errors.hpp"
#include "engine/database/postgres_pool.hpp"

namespace odeon::database::postgres {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kFirstPause = 50ms;
constexpr auto kLongestPause = 1s;

// A node whose machine is gone must not keep its locks. Compiling plans costs more than it gives here. Queues
// grow faster than statistics, and where the planner expects three rows it reads an index as a bitmap: in
// no order, so that it sorts the whole backlog, and without ever marking entries of what is gone.
constexpr const char* kPrepareSession =
    "SELECT set_config('idle_in_transaction_session_timeout', '60s', false), set_config('jit', 'off', false), "
    "set_config('enable_bitmapscan', 'off', false), "
    "set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false), "
    "set_config('tcp_keepalives_count', '3', false)";
// Not every system can; then what a client left behind runs to its end.
constexpr const char* kNoticeGoneClients = "SELECT set_config('client_connection_check_interval', '5s', false)";

}  // namespace

Group::Group(asio::io_context& loop, const PostgresOptions& options, const Settings& settings, std::size_t size,
             std::size_t most_in_flight)
    : loop_(loop), options_(options), settings_(settings), most_in_flight_(most_in_flight), members_(size) {}

void Group::add(Request& request) {
  request.asked_at = Clock::now();
  Session* const session = request.session.get();
  if (session != nullptr && session->lost) {
    done_.fail(request, std::make_exception_ptr(unavailable("the transaction lost its connection")));
  } else if (session != nullptr && session->connection) {
    if (request.kind == Request::Kind::script)
      session->connection->send_script(request);
    else
      session->connection->send(request);
  } else {
    waiting_.push_back(&request);
    serve();
  }
  finish();
}

void Group::finish() {
  done_.flush();
}

void Group::withdraw(std::uint64_t number) {
  const auto found = std::ranges::find(waiting_, number, &Request::number);
  if (found != waiting_.end()) {
    Request& request = **found;
    waiting_.erase(found);
    done_.fail(request, std::make_exception_ptr(boost::system::system_error(asio::error::operation_aborted)));
    serve();
    return finish();
  }
  for (auto& member : members_) {
    Request* const front = member.connection ? member.connection->front() : nullptr;
    if (front == nullptr || front->number != number) continue;
    if (member.connection->in_flight() > 1 || member.interrupting || front->kind == Request::Kind::commit) return;
    front->cancelled = true;
    interrupt(member);
  }
}

void Group::interrupt(Member& member) {
  member.interrupting = true;
  PGcancel* const cancel = libpq().PQgetCancel(member.connection->link());
  asio::post(interrupter_, [this, &member, cancel] {
    char fault[256];
    libpq().PQcancel(cancel, fault, sizeof fault);
    libpq().PQfreeCancel(cancel);
    asio::post(loop_, [this, &member] {
      member.interrupting = false;
      serve();
      finish();
    });
  });
}

void Group::abandon(const std::shared_ptr<Session>& session) {
  if (!session->connection) return;
  const auto connection = session->connection;
  connection->send("ROLLBACK", {}, [this, session, connection](bool ok) {
    session->connection.reset();
    if (connection->link() == nullptr) return;
    member_of(*connection).session.reset();
    if (!ok) connection->close("it does not roll back");
  });
  finish();
}

void Group::serve() {
  while (!waiting_.empty() && give(*waiting_.front())) {
  }
  const bool hope =
      std::ranges::any_of(members_, [](const Member& member) { return member.connection || member.connecting; });
  if (!hope) refuse_waiting();
}

// Takes the request off the queue before it is sent: sending may fail, and come back here.
bool Group::give(Request& request) {
  Member* const member = least_busy();
  if (member == nullptr || member->connection->in_flight() > 0) grow();
  const std::size_t most = request.session ? 1 : most_in_flight_;
  if (member == nullptr || member->connection->in_flight() >= most) return false;
  waiting_.pop_front();
  const auto connection = member->connection;
  if (request.session) {
    member->session = request.session;
    request.session->connection = connection;
  }
  if (request.kind == Request::Kind::script)
    connection->send_script(request);
  else
    connection->send(request);
  return true;
}

Group::Member* Group::least_busy() {
  Member* best = nullptr;
  for (auto& member : members_)
    if (member.free() && (best == nullptr || member.connection->in_flight() < best->connection->in_flight()))
      best = &member;
  return best;
}

void Group::grow() {
  const auto connecting = static_cast<std::size_t>(std::ranges::count(members_, true, &Member::connecting));
  if (connecting >= waiting_.size() || Clock::now() < try_again_at_) return;
  const auto empty =
      std::ranges::find_if(members_, [](const Member& member) { return !member.connection && !member.connecting; });
  if (empty == members_.end()) return;
  empty->connecting = true;
  asio::co_spawn(loop_, open(*empty), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
}

Task<void> Group::open(Member& member) {
  std::exception_ptr failure;
  try {
    co_await try_open(member);
  } catch (...) {
    failure = std::current_exception();
  }
  member.connecting = false;
  pause_ = failure ? std::clamp<std::chrono::milliseconds>(2 * pause_, kFirstPause, kLongestPause) : 0ms;
  try_again_at_ = Clock::now() + pause_;
  if (failure) last_fault_ = describe(failure);
  serve();
  finish();
}

Task<void> Group::try_open(Member& member) {
  Link link = co_await with_timeout(options_.connect_timeout, connect(settings_));
  const auto connection = std::make_shared<Connection>(loop_, std::move(link), *this, done_);
  member.connection = connection;
  connection->start();
  connection->send(kPrepareSession, {}, {});
  connection->send(kNoticeGoneClients, {}, {});
}

void Group::refuse_waiting() {
  for (Request* request : std::exchange(waiting_, {}))
    done_.fail(*request, std::make_exception_ptr(unavailable(last_fault_)));
}

void Group::answered(Connection& connection) {
  Member& member = member_of(connection);
  if (member.session && !member.session->connection) member.session.reset();
  serve();
}

void Group::lost(Connection& connection) {
  Member& member = member_of(connection);
  if (member.session) {
    member.session->lost = true;
    member.session->connection.reset();
    member.session.reset();
  }
  member.connection.reset();
  asio::post(loop_, [this] {
    serve();
    finish();
  });
}

Group::Member& Group::member_of(const Connection& connection) {
  return *std::ranges::find_if(members_, [&](const Member& member) { return member.connection.get() == &connection; });
}

Micros Group::wait() const {
  if (waiting_.empty()) return Micros(0);
  return std::chrono::duration_cast<Micros>(Clock::now() - waiting_.front()->asked_at);
}

void Group::look_at_clock() {
  const auto now = Clock::now();
  while (!waiting_.empty() && now - waiting_.front()->asked_at > options_.queue_timeout) {
    done_.fail(*waiting_.front(), std::make_exception_ptr(unavailable("no connection became free")));
    waiting_.pop_front();
  }
  for (const auto& member : members_) {
    const auto connection = member.connection;
    const auto since = connection ? connection->waiting_since() : std::nullopt;
    if (since && now - *since > options_.answer_timeout) connection->close("the server is silent");
  }
  finish();
}

bool Group::busy() const {
  return !waiting_.empty() || std::ranges::any_of(members_, [](const Member& member) {
    return member.connection && member.connection->in_flight() > 0;
  });
}

void Group::close() {
  for (const auto& member : members_)
    if (const auto connection = member.connection) connection->close("the database was closed");
  finish();
}

}  // namespace odeon::database::postgres
