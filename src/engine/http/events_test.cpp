#include "engine/http/events.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/asio/experimental/channel.hpp>

#include "base/error.hpp"
#include "engine/http/sse_reader.hpp"

namespace odeon::http {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kNever = std::chrono::hours(1);

using Gate = asio::experimental::channel<void(boost::system::error_code)>;

// A client that reads on when `gate` lets it.
class SlowBody final : public BodyWriter {
 public:
  explicit SlowBody(asio::any_io_executor executor) : begun(executor, 100), gate(executor, 100) {}
  Task<void> write(std::string_view bytes) override {
    EXPECT_FALSE(writing) << "two writes at once";
    writing = true;
    ++writes;
    begun.try_send(boost::system::error_code());
    const auto outcome = co_await settle(gate.async_receive(asio::use_awaitable));
    writing = false;
    if (!outcome) std::rethrow_exception(outcome.error());
    text += bytes;
  }

  Gate begun;  // one message for each write that began
  Gate gate;   // each message lets one write end
  int writes = 0;
  bool writing = false;
  std::string text;
};

class FastBody final : public BodyWriter {
 public:
  Task<void> write(std::string_view bytes) override {
    if (gone) throw std::runtime_error("the client is gone");
    text += bytes;
    co_return;
  }
  void abandon() override { stop->emit(asio::cancellation_type::terminal); }
  bool gone = false;
  std::string text;
  std::shared_ptr<asio::cancellation_signal> stop = std::make_shared<asio::cancellation_signal>();
};

Task<std::string> text_of(std::function<Task<void>(EventWriter&)> produce) {
  FastBody body;
  co_await event_body(std::move(produce), kNever)(body);
  co_return body.text;
}

Task<std::vector<ServerSentEvent>> read_back(std::string text) {
  StringSource source(std::move(text));
  SseReader reader(source);
  std::vector<ServerSentEvent> events;
  while (auto event = co_await reader.next()) events.push_back(std::move(*event));
  co_return events;
}

TEST(Events, WritesEveryLineOfTheDataForItself) {
  EXPECT_EQ(encode_event("", "one", ""), "data: one\n\n");
  EXPECT_EQ(encode_event("step", "one\ntwo\r\nthree\rfour", "7"),
            "id: 7\nevent: step\ndata: one\ndata: two\ndata: three\ndata: four\n\n");
  EXPECT_EQ(encode_event("", "", ""), "data: \n\n");
}

RC_GTEST_PROP(Events, CannotBeForgedByWhatTheyCarry, ()) {
  const auto any = rc::gen::container<std::string>(rc::gen::elementOf(std::string("\r\n: adtevn")));
  const std::string event = *any, data = *any, id = *any;
  const auto events = run_task(read_back(encode_event(event, data, id) + encode_event("end", "x", "")));
  RC_ASSERT(events.size() == 2U);
  const auto lines = text::replace_all(text::replace_all(data, "\r\n", "\n"), "\r", "\n");
  RC_ASSERT(events[0].data == lines);
  RC_ASSERT(events[1].event == "end");
}

TEST(Events, AnErrorIsTheLastEvent) {
  const auto text = run_task(text_of([](EventWriter& writer) -> Task<void> {
    co_await writer.send("progress", "1", "");
    throw Error(Fault::unavailable, "OVEN_COLD", "Try again.\nSoon.").with_retry_after(std::chrono::seconds(3));
  }));
  const auto events = run_task(read_back(text));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].event, "progress");
  EXPECT_EQ(events[1].event, "error");
  EXPECT_EQ(events[1].data, R"({"code":"OVEN_COLD","message":"Try again.\nSoon.","retry_after":3})");
}

TEST(Events, AnythingElseThrownCutsTheStream) {
  EXPECT_THROW(run_task(text_of([](EventWriter&) -> Task<void> {
                 throw std::runtime_error("inside");
                 co_return;
               })),
               std::runtime_error);
}

// Produces nothing until `heartbeats` comments were written, then one event.
Task<std::string> quiet_for(int heartbeats) {
  SlowBody body(co_await asio::this_coro::executor);
  auto produce = [&body, heartbeats](this auto, EventWriter& writer) -> Task<void> {
    for (int i = 0; i < heartbeats; ++i) {
      co_await body.begun.async_receive(asio::use_awaitable);
      body.gate.try_send(boost::system::error_code());
    }
    body.gate.try_send(boost::system::error_code());
    co_await writer.send("", "awake", "");
  };
  co_await event_body(produce, milliseconds(1))(body);
  co_return body.text;
}

TEST(Events, ACommentTellsThatAQuietStreamLives) {
  const auto text = run_task(quiet_for(3));
  EXPECT_TRUE(text.starts_with(": \n\n: \n\n: \n\n")) << text;
  const auto events = run_task(read_back(text));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].data, "awake");
}

TEST(Events, AHeartbeatFindsThatTheClientIsGone) {
  FastBody body;
  body.gone = true;
  bool cancelled = false;
  auto produce = [&cancelled](this auto, EventWriter&) -> Task<void> {
    cancelled = !co_await settle(sleep_on_loop(kNever));
  };
  std::expected<void, std::exception_ptr> streamed;
  auto stream = [&](this auto) -> Task<void> {
    streamed = co_await settle(event_body(produce, milliseconds(1))(body));
  };
  run_task(cancelled_by(body.stop, stream()));
  ASSERT_FALSE(streamed);
  EXPECT_THROW(std::rethrow_exception(streamed.error()), std::runtime_error) << "what the heartbeat met";
  EXPECT_TRUE(cancelled);
}

TEST(Events, BytesGoAsTheyAreWrittenAndTheHeartbeatSaysWhatItIsTold) {
  auto run = [](this auto) -> Task<std::pair<std::string, int>> {
    SlowBody body(co_await asio::this_coro::executor);
    auto produce = [&body](this auto, BodyWriter& writer) -> Task<void> {
      co_await body.begun.async_receive(asio::use_awaitable);  // of the heartbeat
      body.gate.try_send(boost::system::error_code());
      body.gate.try_send(boost::system::error_code());
      co_await writer.write("data: 1\n\ndata: 2\n\n");
    };
    co_await event_bytes(produce, "event: ping\n\n", milliseconds(1))(body);
    co_return std::pair(body.text, body.writes);
  };
  EXPECT_EQ(run_task(run()), std::pair(std::string("event: ping\n\ndata: 1\n\ndata: 2\n\n"), 2));
}

// How many events were sent, and how many writes begun, while the client took `taken` of them.
Task<std::pair<int, int>> sent_to_slow_client(int taken) {
  SlowBody body(co_await asio::this_coro::executor);
  int sent = 0;
  auto produce = [&sent](this auto, EventWriter& writer) -> Task<void> {
    for (;; ++sent) co_await writer.send("", std::to_string(sent), "");
  };
  auto watch = [&body, taken](this auto) -> Task<void> {
    for (int i = 0; i < taken; ++i) {
      co_await body.begun.async_receive(asio::use_awaitable);
      body.gate.try_send(boost::system::error_code());
    }
    co_await body.begun.async_receive(asio::use_awaitable);  // the next waits for the client
    throw Error(Fault::gone, "SEEN", "Enough.");
  };
  std::vector<Task<void>> both;
  both.push_back(event_body(produce, kNever)(body));
  both.push_back(watch());
  co_await settle(all_of(std::move(both)));
  co_return std::pair(sent, body.writes);
}

TEST(Events, ASlowClientSlowsTheProducer) {
  EXPECT_EQ(run_task(sent_to_slow_client(3)), std::pair(3, 4));
}

// Each of several producers sends its events through the same stream while the client takes its time.
Task<std::string> sent_by_many(int producers, int events) {
  SlowBody body(co_await asio::this_coro::executor);
  auto produce = [producers, events](this auto, EventWriter& writer) -> Task<void> {
    auto one = [&writer, events](this auto, std::string name) -> Task<void> {
      for (int i = 0; i < events; ++i) co_await writer.send(name, std::to_string(i), "");
    };
    std::vector<Task<void>> all;
    for (int i = 0; i < producers; ++i) all.push_back(one(std::to_string(i)));
    co_await all_of(std::move(all));
  };
  auto take = [&body, all = producers * events](this auto) -> Task<void> {
    for (int i = 0; i < all; ++i) {
      co_await body.begun.async_receive(asio::use_awaitable);
      body.gate.try_send(boost::system::error_code());
    }
  };
  std::vector<Task<void>> both;
  both.push_back(event_body(produce, kNever)(body));
  both.push_back(take());
  co_await all_of(std::move(both));
  co_return body.text;
}

TEST(Events, OfSeveralProducersTakeTurns) {
  std::map<std::string, int> next;
  for (const auto& event : run_task(read_back(run_task(sent_by_many(5, 7))))) {
    EXPECT_EQ(event.data, std::to_string(next[event.event])) << "of producer " << event.event;
    ++next[event.event];
  }
  EXPECT_EQ(next, (std::map<std::string, int>{{"0", 7}, {"1", 7}, {"2", 7}, {"3", 7}, {"4", 7}}));
}

}  // namespace
}  // namespace odeon::http
