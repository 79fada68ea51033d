#include "engine/http/events.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>

#include "engine/http/format.hpp"

namespace odeon::http {
namespace {

// Lets the producer and the heartbeat write in turn.
class SerialWriter final : public BodyWriter {
 public:
  SerialWriter(BodyWriter& body, asio::any_io_executor executor) : body_(body), turn_(executor, 1) {}

  Task<void> write(std::string_view bytes) override {
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

  Task<void> heartbeat(std::string comment, std::chrono::milliseconds pause) {
    for (;;) {
      co_await sleep_on_loop(pause);
      co_await write(comment);
    }
  }

 private:
  BodyWriter& body_;
  asio::experimental::channel<void(boost::system::error_code)> turn_;
};

class Encoder final : public EventWriter {
 public:
  explicit Encoder(BodyWriter& body) : body_(body) {}
  Task<void> send(std::string event, std::string data, std::string id) override {
    const std::string bytes = encode_event(event, data, id);
    co_await body_.write(bytes);
  }

 private:
  BodyWriter& body_;
};

// An Error is the last event.
Task<void> produce_events(std::function<Task<void>(EventWriter&)> produce, BodyWriter& body) {
  Encoder writer(body);
  std::optional<Error> error;
  try {
    co_await produce(writer);
  } catch (const Error& thrown) {
    error = thrown;
  }
  if (!error) co_return;
  std::string data = "{";
  append_failure_members(data, *error, "");
  co_await writer.send("error", data + "}", "");
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

StreamBody event_bytes(std::function<Task<void>(BodyWriter&)> produce, std::string comment,
                       std::chrono::milliseconds heartbeat) {
  return [produce = std::move(produce), comment = std::move(comment), heartbeat](this auto,
                                                                                 BodyWriter& body) -> Task<void> {
    using namespace asio::experimental::awaitable_operators;
    SerialWriter writer(body, co_await asio::this_coro::executor);
    const auto first = co_await (settle(produce(writer)) || settle(writer.heartbeat(comment, heartbeat)));
    // A heartbeat ends by failing only.
    const auto& outcome = first.index() == 0 ? std::get<0>(first) : std::get<1>(first);
    if (!outcome) std::rethrow_exception(outcome.error());
  };
}

StreamBody event_body(std::function<Task<void>(EventWriter&)> produce, std::chrono::milliseconds heartbeat) {
  return event_bytes([produce = std::move(produce)](
                         this auto, BodyWriter& body) -> Task<void> { co_await produce_events(produce, body); },
                     ": \n\n", heartbeat);
}

Response event_response(StreamBody body) {
  Response response;
  response.headers.add("Content-Type", "text/event-stream");
  response.headers.add("Cache-Control", "no-store");
  response.headers.add("X-Accel-Buffering", "no");
  response.body = std::move(body);
  return response;
}

}  // namespace odeon::http
