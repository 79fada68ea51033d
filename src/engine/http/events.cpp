#include "engine/http/events.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>

#include "engine/http/format.hpp"

namespace odeon::http {
namespace {

// Lets the producer and the heartbeat write in turn.
class SerialWriter final : public EventWriter {
 public:
  SerialWriter(BodyWriter& body, asio::any_io_executor executor) : body_(body), turn_(executor, 1) {}

  Task<void> send(std::string event, std::string data, std::string id) override {
    co_await write(encode_event(event, data, id));
  }

  Task<void> heartbeat(std::chrono::milliseconds pause) {
    for (;;) {
      co_await sleep_on_loop(pause);
      co_await write(": \n\n");
    }
  }

 private:
  Task<void> write(std::string bytes) {
    co_await turn_.async_send(boost::system::error_code(), asio::use_awaitable);
    std::exception_ptr failure;
    try {
      co_await body_.write(bytes);
    } catch (...) {
      failure = std::current_exception();
    }
    turn_.try_receive([](auto...) {});
    if (failure) std::rethrow_exception(failure);
  }

  BodyWriter& body_;
  asio::experimental::channel<void(boost::system::error_code)> turn_;
};

// An Error is the last event; whatever else was thrown is returned.
Task<std::exception_ptr> produce_events(std::function<Task<void>(EventWriter&)> produce, SerialWriter& writer) {
  std::exception_ptr failure;
  std::optional<Error> error;
  try {
    co_await produce(writer);
  } catch (const Error& thrown) {
    error = thrown;
  } catch (...) {
    failure = std::current_exception();
  }
  if (error) {
    std::string data = "{";
    append_failure_members(data, *error, "");
    co_await writer.send("error", data + "}", "");
  }
  co_return failure;
}

}  // namespace

std::string encode_event(std::string_view event, std::string_view data, std::string_view id) {
  std::string out;
  auto field = [&](std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += '\n';
  };
  auto one_line = [](std::string_view value) { return value.substr(0, value.find_first_of("\r\n")); };
  if (!id.empty()) field("id", one_line(id));
  if (!event.empty()) field("event", one_line(event));
  const std::string lines = text::replace_all(text::replace_all(std::string(data), "\r\n", "\n"), "\r", "\n");
  for (auto line : text::split(lines, '\n')) field("data", line);
  return out + '\n';
}

StreamBody event_body(std::function<Task<void>(EventWriter&)> produce, std::chrono::milliseconds heartbeat) {
  return [produce = std::move(produce), heartbeat](this auto, BodyWriter& body) -> Task<void> {
    using namespace asio::experimental::awaitable_operators;
    SerialWriter writer(body, co_await asio::this_coro::executor);
    auto first = co_await (settle(produce_events(produce, writer)) || settle(writer.heartbeat(heartbeat)));
    std::exception_ptr failure;
    if (first.index() == 1)
      failure = std::get<1>(first).error();  // a heartbeat ends by failing only
    else if (auto& outcome = std::get<0>(first); outcome)
      failure = *outcome;
    else
      failure = outcome.error();
    if (failure) std::rethrow_exception(failure);
  };
}

}  // namespace odeon::http
