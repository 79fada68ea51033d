#include "engine/http/events.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>

#include "engine/http/format.hpp"
#include "engine/http/wakeup.hpp"

namespace odeon::http {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Writes a comment whenever nothing was written for `pause`; until then it is a timer and nothing else. Writers take
// turns, it is one of them. Lives on one loop.
class Heart final : public BodyWriter, public std::enable_shared_from_this<Heart> {
 public:
  Heart(BodyWriter& body, asio::any_io_executor loop, std::string comment, SteadyClock::duration pause)
      : body_(body), comment_(std::move(comment)), pause_(pause), timer_(loop), written_(loop) {}

  Task<void> write(std::string_view bytes) override {
    while (beating_ || writing_) co_await written_.wait();
    const Writing now(*this);
    co_await body_.write(bytes);
  }
  void abandon() override { body_.abandon(); }

  void watch() { look_at(last_ + pause_); }

  // Awaits a comment that is being written, or cuts it off; a cancellation does that too, and is not thrown. Throws
  // what stopped the comments.
  Task<void> end(bool cut) {
    over_ = true;
    timer_.cancel();
    while (beating_) {
      const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
      if (cut || cancelled != asio::cancellation_type::none) cut_.emit(asio::cancellation_type::terminal);
      co_await written_.wait();
    }
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  struct Writing {
    explicit Writing(Heart& heart) : heart(heart) { heart.writing_ = true; }
    ~Writing() {
      heart.writing_ = false;
      heart.last_ = SteadyClock::now();
      heart.written_.notify();
    }
    Heart& heart;
  };

  void look_at(SteadyClock::time_point when) {
    timer_.expires_at(when);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
      if (!cancelled && !self->over_) self->look();
    });
  }

  void look() {
    const auto now = SteadyClock::now();
    if (writing_) return look_at(now + pause_);
    if (now < last_ + pause_) return watch();
    beating_ = true;
    // What ends last keeps it: the task refers to its signal until then.
    const auto end = [self = shared_from_this()](std::exception_ptr) {};
    asio::co_spawn(timer_.get_executor(), beat(), asio::bind_cancellation_slot(cut_.slot(), end));
  }

  Task<void> beat() {
    const auto written = co_await settle(body_.write(comment_));
    beating_ = false;
    last_ = SteadyClock::now();
    written_.notify();
    if (over_) co_return;
    if (written) co_return watch();
    failure_ = written.error();
    body_.abandon();
  }

  BodyWriter& body_;
  const std::string comment_;
  const SteadyClock::duration pause_;
  asio::cancellation_signal cut_;
  asio::steady_timer timer_;
  Wakeup written_;
  SteadyClock::time_point last_ = SteadyClock::now();
  bool writing_ = false, beating_ = false, over_ = false;
  std::exception_ptr failure_;
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
    const auto heart = std::make_shared<Heart>(body, co_await asio::this_coro::executor, std::move(comment), heartbeat);
    heart->watch();
    const auto produced = co_await settle(produce(*heart));
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await heart->end(!produced);
    if (!produced) std::rethrow_exception(produced.error());
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
