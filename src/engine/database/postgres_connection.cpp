#include "engine/database/postgres_connection.hpp"

#include <unistd.h>

#include "engine/database/libpq.hpp"
#include "engine/database/postgres_errors.hpp"

namespace odeon::database::postgres {
namespace {

using Clock = std::chrono::steady_clock;

// The server keeps the plan of a prepared statement as long as nobody analyzes its tables, however they
// grow meanwhile. So plans are made anew now and then.
constexpr auto kPlansAge = std::chrono::seconds(1);
constexpr const char* kForgetPlans = "DISCARD PLANS";

}  // namespace

void FinishConnection::operator()(PGconn* connection) const {
  libpq().PQfinish(connection);
}

// The descriptor is a duplicate: libpq closes its own.
Connection::Connection(asio::io_context& loop, Link link, Owner& owner, Completions& done)
    : link_(std::move(link)),
      socket_(loop, ::dup(libpq().PQsocket(link_.get()))),
      owner_(owner),
      done_(done),
      planned_at_(Clock::now()) {}

void Connection::start() {
  libpq().PQsetnonblocking(link_.get(), 1);
  libpq().PQenterPipelineMode(link_.get());
  receive();
}

std::optional<Clock::time_point> Connection::waiting_since() const {
  if (flights_.empty() || flights_.front().script) return std::nullopt;
  return flights_.front().since;
}

void Connection::send(Request& request) {
  if (Clock::now() - planned_at_ > kPlansAge) {
    planned_at_ = Clock::now();
    send(kForgetPlans, {}, {});
    if (!link_) return done_.fail(request, std::make_exception_ptr(unavailable("the connection was lost")));
  }
  Flight flight;
  flight.request = &request;
  flight.begins = request.begin != nullptr;
  bool sent = true;
  if (flight.begins) sent = libpq().PQsendQueryParams(link_.get(), request.begin, 0, {}, {}, {}, {}, 0) == 1;
  if (request.kind == Request::Kind::commit)
    sent = sent && libpq().PQsendQueryParams(link_.get(), "COMMIT", 0, {}, {}, {}, {}, 0) == 1;
  else
    sent = sent && add(flight, request.sql, request.batches);
  flights_.push_back(std::move(flight));
  finish_sending(sent);
}

void Connection::send(const char* sql, const Values& values, Done done) {
  arguments_.set(values);
  Flight flight;
  flight.done = std::move(done);
  const bool sent = libpq().PQsendQueryParams(link_.get(), sql, arguments_.count(), nullptr, arguments_.texts.data(),
                                              arguments_.lengths.data(), arguments_.formats.data(), 0) == 1;
  flights_.push_back(std::move(flight));
  finish_sending(sent);
}

void Connection::send_script(Request& request) {
  Flight flight;
  flight.request = &request;
  flight.script = true;
  flights_.push_back(std::move(flight));
  const std::string text(request.sql);
  if (libpq().PQexitPipelineMode(link_.get()) == 1 && libpq().PQsendQuery(link_.get(), text.c_str()) == 1)
    flush();
  else
    fail(libpq().PQerrorMessage(link_.get()));
}

bool Connection::add(Flight& flight, std::string_view sql, std::span<const Values> batches) {
  std::string name;
  if (!prepare(flight, sql, name)) return false;
  for (const auto& values : batches) {
    arguments_.set(values);
    if (libpq().PQsendQueryPrepared(link_.get(), name.c_str(), arguments_.count(), arguments_.texts.data(),
                                    arguments_.lengths.data(), arguments_.formats.data(), 0) != 1)
      return false;
  }
  return true;
}

// A name that another request is just giving may yet come to nothing; until then the statement goes
// without.
bool Connection::prepare(Flight& flight, std::string_view sql, std::string& name) {
  auto [known, fresh] = prepared_.try_emplace(sql);
  flight.sql = sql;
  if (!fresh && known->second.confirmed) {
    flight.prepared = name = known->second.name;
    return true;
  }
  if (fresh) flight.prepared = name = known->second.name = fmt::format("s{}", ++next_name_);
  flight.prepares = true;
  return libpq().PQsendPrepare(link_.get(), name.c_str(), std::string(sql).c_str(), 0, nullptr) == 1;
}

void Connection::finish_sending(bool sent) {
  flights_.back().since = Clock::now();
  if (sent && libpq().PQpipelineSync(link_.get()) == 1)
    flush();
  else
    fail(libpq().PQerrorMessage(link_.get()));
}

void Connection::flush() {
  if (flushing_ || !link_) return;
  const int left = libpq().PQflush(link_.get());
  if (left < 0) return fail(libpq().PQerrorMessage(link_.get()));
  if (left == 0) return;
  flushing_ = true;
  socket_.async_wait(asio::posix::descriptor_base::wait_write,
                     [self = shared_from_this()](boost::system::error_code fault) {
                       self->flushing_ = false;
                       if (fault || !self->link_) return;
                       self->flush();
                       self->done_.flush();
                     });
}

void Connection::receive() {
  socket_.async_wait(asio::posix::descriptor_base::wait_read,
                     [self = shared_from_this()](boost::system::error_code fault) {
                       if (fault || !self->link_) return;
                       self->read();
                       self->done_.flush();
                       if (self->link_) self->receive();
                     });
}

void Connection::read() {
  const std::size_t before = flights_.size();
  const bool alive = libpq().PQconsumeInput(link_.get()) == 1;
  while (link_ && !flights_.empty() && libpq().PQisBusy(link_.get()) == 0) {
    PGresult* result = libpq().PQgetResult(link_.get());
    if (libpq().PQstatus(link_.get()) == CONNECTION_BAD) {
      libpq().PQclear(result);
      break;
    }
    if (result != nullptr)
      take(Result(result));
    else if (flights_.front().script && libpq().PQenterPipelineMode(link_.get()) == 1)
      land();
    else
      ++flights_.front().step;
  }
  if (!link_) return;
  while (PGnotify* heard = libpq().PQnotifies(link_.get())) {
    owner_.heard(heard->extra);
    libpq().PQfreemem(heard);
  }
  if (!alive || libpq().PQstatus(link_.get()) == CONNECTION_BAD) return fail(libpq().PQerrorMessage(link_.get()));
  if (flights_.size() < before) owner_.answered(*this);
}

void Connection::take(Result result) {
  Flight& flight = flights_.front();
  switch (libpq().PQresultStatus(result.get())) {
    case PGRES_PIPELINE_SYNC:
      return land();
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY: {
      const std::size_t first = std::size_t{flight.begins} + std::size_t{flight.prepares};
      if (flight.prepares && flight.step + 1 == first) {
        if (!flight.prepared.empty()) prepared_.at(flight.sql).confirmed = true;
      } else if (flight.step >= first && flight.request != nullptr) {
        flight.results.push_back(std::move(result));
      }
      return;
    }
    case PGRES_PIPELINE_ABORTED:
      return;
    default:
      break;
  }
  if (flight.failure) return;
  flight.may_run_again = may_run_again(result.get());
  const bool interrupted = flight.request != nullptr && flight.request->cancelled && was_cancelled(result.get());
  flight.failure = interrupted ? std::make_exception_ptr(boost::system::system_error(asio::error::operation_aborted))
                               : failure_of(result.get(), flight.script ? std::string_view("a script") : flight.sql);
  // Of a name that was not given, or stands for what is out of date, the next one knows nothing.
  const auto known = prepared_.find(flight.sql);
  if (known != prepared_.end() && known->second.name == flight.prepared &&
      (!known->second.confirmed || flight.may_run_again))
    prepared_.erase(known);
}

void Connection::land() {
  Flight flight = std::move(flights_.front());
  flights_.pop_front();
  if (!flights_.empty()) flights_.front().since = Clock::now();
  if (flight.done) flight.done(!flight.failure);
  Request* const request = flight.request;
  if (request == nullptr) return;
  // A transaction that cannot be committed is rolled back, and that succeeds.
  if (request->kind == Request::Kind::commit && !flight.failure &&
      (flight.results.empty() || std::string_view(libpq().PQcmdStatus(flight.results.front().get())) != "COMMIT"))
    flight.failure = std::make_exception_ptr(unavailable("the transaction was rolled back"));
  request->may_run_again = flight.may_run_again;
  request->failure = flight.failure;
  request->results = std::move(flight.results);
  if (request->kind == Request::Kind::commit && !flight.failure) request->session->connection.reset();
  done_.add(*request);
}

void Connection::close(const std::string& why) {
  if (link_) fail(why);
  done_.flush();
}

void Connection::fail(const std::string& why) {
  const auto self = shared_from_this();
  link_.reset();
  socket_.close();
  for (auto& flight : std::exchange(flights_, {})) {
    if (flight.done) flight.done(false);
    if (flight.request != nullptr)
      done_.fail(*flight.request, std::make_exception_ptr(unavailable("the connection was lost: " + why)));
  }
  owner_.lost(*this);
}

}  // namespace odeon::database::postgres
