#include "engine/database/postgres_pool.hpp"

#include "engine/database/libpq.hpp"
#include "engine/database/postgres_errors.hpp"

namespace odeon::database::postgres {
namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 500ms;
constexpr std::size_t kMostReadsInFlight = 256;
// More would only wait behind one another's sync.
constexpr std::size_t kMostWritesInFlight = 4;

std::size_t readers_of(const PostgresOptions& options) {
  return std::max<std::size_t>(options.connections / 4, 1);
}
std::size_t writers_of(const PostgresOptions& options) {
  return std::max(options.connections, readers_of(options) + 1) - readers_of(options);
}

}  // namespace

Settings settings_from(const std::string& url) {
  char* fault = nullptr;
  PQconninfoOption* const parsed = libpq().PQconninfoParse(url.c_str(), &fault);
  if (parsed == nullptr) {
    libpq().PQfreemem(fault);  // it may quote a password
    throw Error(Fault::invalid, "DATABASE_URL", "The address of the database is not a PostgreSQL URL.");
  }
  Settings settings{{"gssencmode", "disable"},  {"fallback_application_name", "odeon"}, {"tcp_user_timeout", "10000"},
                    {"keepalives_idle", "30"},  {"keepalives_interval", "10"},          {"keepalives_count", "3"},
                    {"client_encoding", "UTF8"}};
  for (const auto* option = parsed; option->keyword != nullptr; ++option)
    if (option->val != nullptr) settings[option->keyword] = option->val;
  libpq().PQconninfoFree(parsed);
  return settings;
}

Pool::Pool(PostgresOptions options)
    : options_(std::move(options)),
      settings_(settings_from(options_.url)),
      readers_(loop_, options_, settings_, readers_of(options_), kMostReadsInFlight),
      writers_(loop_, options_, settings_, writers_of(options_), kMostWritesInFlight),
      thread_([this] {
        tick();
        loop_.run();
      }) {}

void Pool::submit(Request& request) {
  {
    std::lock_guard lock(mutex_);
    request.number = ++numbers_;
    if (!stopping_) return asio::post(loop_, [this, &request] { group_of(request).add(request); });
  }
  Completions done;
  done.fail(request, std::make_exception_ptr(unavailable("the database was closed")));
  done.flush();
}

// By number: when it is looked for the request may be over, and another be in its place.
void Pool::withdraw(Request& request) {
  asio::post(loop_, [this, number = request.number] {
    readers_.withdraw(number);
    writers_.withdraw(number);
  });
}

void Pool::abandon(std::shared_ptr<Session> session) {
  asio::post(loop_, [this, session = std::move(session)] { writers_.abandon(session); });
}

void Pool::tick() {
  ticker_.expires_after(kTick);
  ticker_.async_wait([this](boost::system::error_code fault) {
    if (fault) return;
    wait_ = std::max(readers_.wait(), writers_.wait());
    readers_.look_at_clock();
    writers_.look_at_clock();
    tick();
  });
}

void Pool::stop() {
  {
    std::lock_guard lock(mutex_);
    if (!stopping_) asio::post(loop_, [this] { stop_when_idle(); });
    stopping_ = true;
  }
  std::lock_guard lock(joining_);
  if (thread_.joinable()) thread_.join();
}

void Pool::stop_when_idle() {
  if (readers_.busy() || writers_.busy()) {
    stopper_.expires_after(1ms);
    stopper_.async_wait([this](boost::system::error_code) { stop_when_idle(); });
    return;
  }
  readers_.close();
  writers_.close();
  loop_.stop();
}

}  // namespace odeon::database::postgres
