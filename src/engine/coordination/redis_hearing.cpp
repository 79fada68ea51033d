#include "engine/coordination/redis_hearing.hpp"

#include <charconv>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "engine/coordination/redis_retry.hpp"

namespace odeon::coordination::redis {
namespace {

// A payload: the node, the topic's length in decimal and a colon, the topic, the message.
constexpr std::size_t kNodeBytes = 16;

}  // namespace

Hearing::Hearing(const Server& server, const RedisOptions& options, Topics& topics)
    : server_(server),
      options_(options),
      topics_(topics),
      channel_(options.prefix + "announcements"),
      node_(crypto::random_bytes(kNodeBytes)) {}

std::string Hearing::publish(const std::string& topic, const std::string& message) const {
  return command({"PUBLISH", channel_, fmt::format("{}{}:{}{}", node_, topic.size(), topic, message)});
}

void Hearing::pass_on(std::string_view payload) {
  if (payload.size() < kNodeBytes || payload.starts_with(node_)) return;
  payload.remove_prefix(kNodeBytes);
  std::size_t size = 0;
  const char* const end = payload.data() + payload.size();
  const auto [colon, fault] = std::from_chars(payload.data(), end, size);
  if (fault != std::errc() || colon == end || *colon != ':') return;
  payload.remove_prefix(static_cast<std::size_t>(colon + 1 - payload.data()));
  if (payload.size() < size) return;
  topics_.announce(std::string(payload.substr(0, size)), std::string(payload.substr(size)));
}

Task<void> Hearing::run() {
  Retry retry(options_.first_retry, options_.last_retry);
  for (;;) {
    const auto started = std::chrono::steady_clock::now();
    static_cast<void>(co_await settle(hear()));  // the other connection tells why
    lost_ = true;
    co_await sleep_on_loop(retry.after(std::chrono::steady_clock::now() - started));
  }
}

Task<void> Hearing::hear() {
  const auto connection = co_await with_timeout(options_.connecting, subscribe());
  lost_ = false;
  std::vector<Task<void>> both;
  both.push_back(read(connection));
  both.push_back(look_after(connection));
  co_await all_of(std::move(both));
}

Task<std::shared_ptr<Connection>> Hearing::subscribe() {
  auto connection = co_await server_.connect();
  co_await connection->send(command({"SUBSCRIBE", channel_}));
  if (const Reply reply = co_await connection->receive(); reply.is_error()) raise(reply);
  co_return connection;
}

Task<void> Hearing::read(std::shared_ptr<Connection> connection) {
  for (;;) {
    const Reply reply = co_await connection->receive();
    heard_ = true;
    if (reply.is_error()) raise(reply);
    if (reply.list.size() == 3 && reply.list[0].text == "message") pass_on(reply.list[2].text);
  }
}

// A peer that vanished says nothing, and so does one that has nothing to say.
Task<void> Hearing::look_after(std::shared_ptr<Connection> connection) {
  for (;;) {
    co_await sleep_on_loop(options_.heartbeat);
    heard_ = false;
    co_await connection->send(command({"PING"}));
    co_await sleep_on_loop(options_.patience);
    if (!heard_) throw Error(Fault::unavailable, "REDIS_UNAVAILABLE", "Redis does not answer.");
  }
}

}  // namespace odeon::coordination::redis
