#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>

#include "engine/database/libpq.hpp"
#include "engine/database/postgres_connection.hpp"
#include "engine/database/postgres_errors.hpp"

namespace odeon::database::postgres {
namespace {

using Settings = std::map<std::string, std::string>;

// libpq would look up names while the whole driver waits. Lists of hosts and sockets are left to it.
Task<void> look_up(Settings& settings) {
  const auto host = settings.find("host");
  if (host == settings.end() || settings.contains("hostaddr")) co_return;
  if (host->second.empty() || host->second.front() == '/' || host->second.contains(',')) co_return;
  asio::ip::tcp::resolver resolver(co_await asio::this_coro::executor);
  boost::system::error_code fault;
  const auto found =
      co_await resolver.async_resolve(host->second, "", asio::redirect_error(asio::use_awaitable, fault));
  if (fault || found.empty()) throw unavailable(fmt::format("no address of {}: {}", host->second, fault.message()));
  settings["hostaddr"] = found.begin()->endpoint().address().to_string();
}

// Waits by a duplicate: libpq may close its descriptor at any step and go on with another.
Task<void> readiness(int descriptor, bool to_write) {
  asio::posix::stream_descriptor socket(co_await asio::this_coro::executor, ::dup(descriptor));
  co_await socket.async_wait(
      to_write ? asio::posix::descriptor_base::wait_write : asio::posix::descriptor_base::wait_read,
      asio::use_awaitable);
}

}  // namespace

Task<Link> connect(Settings settings) {
  co_await look_up(settings);
  std::vector<const char*> words, values;
  for (const auto& [word, value] : settings) {
    words.push_back(word.c_str());
    values.push_back(value.c_str());
  }
  words.push_back(nullptr);
  values.push_back(nullptr);
  Link link(libpq().PQconnectStartParams(words.data(), values.data(), 0));
  if (!link) throw std::bad_alloc();
  libpq().PQsetNoticeProcessor(
      link.get(), [](void*, const char*) {}, nullptr);  // by itself it writes to standard error
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK; next = libpq().PQconnectPoll(link.get())) {
    if (next == PGRES_POLLING_FAILED || libpq().PQstatus(link.get()) == CONNECTION_BAD)
      throw unavailable(libpq().PQerrorMessage(link.get()));
    co_await readiness(libpq().PQsocket(link.get()), next == PGRES_POLLING_WRITING);
  }
  co_return link;
}

}  // namespace odeon::database::postgres
