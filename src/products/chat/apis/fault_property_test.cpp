// A provider that breaks off after any byte, in any way; and a client that does.
#include <rapidcheck/gtest.h>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "products/chat/apis/fault_house_test.hpp"

namespace odeon::chat::faults {
namespace {

using testing::close_connection;
using testing::hold;
using testing::read_body;
using testing::read_head;
using testing::reset_connection;
using testing::send;

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string chunk(std::string_view bytes) {
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

struct FaultProperty : FaultHouse {
  // What is seen at `door` when a provider sends `bytes` and then does `then`; and what was paid for it.
  struct Outcome {
    Seen seen;
    std::vector<ai::Metered> calls;
    Spent before, after;
  };
  static Task<Outcome> outcome(FaultHouse& house, Shape shape, std::string bytes, RawScript then, Door door) {
    RawServer server(co_await asio::this_coro::executor);
    RawScript script{read_head(), read_body(), send(std::move(bytes))};
    std::ranges::move(then, std::back_inserter(script));
    server.on_connection(std::move(script));
    house.stage(
        {{.name = "first", .id = "one", .dialect = shape.dialect, .url = server.url(shape.path), .patience = 5ms}});
    Outcome done;
    done.before = co_await house.spent();
    done.seen = co_await house.ask(door);
    done.after = co_await house.spent();
    done.calls = std::exchange(house.meter.calls, {});
    co_await server.stop();
    co_return done;
  }
};

// Whatever came before the break is told, and then that it broke off; nothing came: come back later. All came: then it
// is an answer, whatever happened to the connection.
TEST_F(FaultProperty, EveryByteMayBeTheLast) {
  EXPECT_TRUE(rc::check([this] {
    const Shape shape = *rc::gen::element(openai_shape(), anthropic_shape(), gemini_shape());
    const Door door = *rc::gen::element(Door::completions_streamed, Door::messages_streamed, Door::chat_streamed);
    const std::string bytes = kHead + chunk(shape.opening + shape.once) + chunk(shape.upon) + chunk(shape.ending);
    const auto count = *rc::gen::inRange<std::size_t>(0, bytes.size() + 1);
    const auto then = *rc::gen::element(0, 1, 2);
    RC_LOG() << shape.name << ", " << name_of(door) << ", " << count << " bytes of " << bytes.size() << ", then "
             << std::array{"a reset", "a close", "silence"}[static_cast<std::size_t>(then)];
    const RawScript ends[] = {{reset_connection()}, {close_connection()}, {hold()}};
    const auto done = on_loop(outcome(*this, shape, bytes.substr(0, count), ends[then], door));
    const Seen& seen = done.seen;

    RC_ASSERT_FALSE(seen.torn);
    RC_ASSERT(seen.ends == 1);
    RC_ASSERT(std::string_view("Once upon").starts_with(seen.text));
    if (seen.answered) {
      RC_ASSERT(seen.status == 200U);
      RC_ASSERT(seen.text == "Once upon");
    } else if (seen.status == 200) {
      RC_ASSERT(!seen.text.empty());
      RC_ASSERT(!seen.code.empty());
    } else {
      RC_ASSERT(seen.status == 503U);
      RC_ASSERT(!seen.retry_after.empty());
    }

    std::int64_t cost = 0;
    for (const auto& call : done.calls) cost += call.cost;
    RC_ASSERT(done.calls.size() <= 1U);
    RC_ASSERT(done.calls.empty() == (seen.status != 200 && cost == 0));
    RC_ASSERT(done.after.used - done.before.used == cost);
    RC_ASSERT(done.after.held == 0);
  }));
}

// ---- clients that go away ------------------------------------------------------------------------------

struct WhoGoesAway : FaultHouse, ::testing::WithParamInterface<std::tuple<Shape, Door>> {
  struct Left {
    std::size_t closed = 0;
    std::string read;
  };
  // Reads the first words and leaves; returns once the provider has noticed.
  static Task<Left> leave(FaultHouse& house, Shape shape, Door door) {
    RawServer server(co_await asio::this_coro::executor);
    server.on_connection({read_head(), read_body(), send(kHead + chunk(shape.opening + shape.once)), hold()});
    house.stage({{.name = "first", .id = "one", .dialect = shape.dialect, .url = server.url(shape.path)}});
    Left left;
    {
      http::Client client{{}};
      auto response = co_await house.open(client, door);
      while (!left.read.contains("Once ")) {
        std::array<char, 4096> bytes;
        const auto count = co_await response.body->read(bytes);
        if (count == 0) break;
        left.read.append(bytes.data(), count);
      }
      EXPECT_EQ(server.closed_by_peer(), 0U);
    }
    co_await server.until([](const RawServer& now) { return now.closed_by_peer() == 1; });
    left.closed = server.closed_by_peer();
    co_await server.stop();
    co_return left;
  }
};

// The provider sends nothing any more: only that the client is gone can end the call.
TEST_P(WhoGoesAway, EndsTheCallAndPaysForWhatThereWas) {
  const auto& [shape, door] = GetParam();
  const auto left = on_loop(leave(*this, shape, door));
  EXPECT_TRUE(left.read.contains("Once ")) << left.read;
  EXPECT_EQ(left.closed, 1U);
  // Afterwards nobody is left who could write anything down.
  run_task(with_timeout(30s, listener.stop(1h)));
  run_task(stages.back()->gateway.stop());
  ASSERT_EQ(meter.calls.size(), 1U);
  EXPECT_FALSE(meter.calls[0].succeeded);
  EXPECT_GT(meter.calls[0].usage.input_tokens, 0);
  EXPECT_GT(meter.calls[0].usage.output_tokens, 0);
  const auto spent_now = on_loop(spent());
  EXPECT_EQ(spent_now.used, meter.calls[0].cost);
  EXPECT_EQ(spent_now.held, 0);
}
INSTANTIATE_TEST_SUITE_P(Everywhere, WhoGoesAway,
                         ::testing::Combine(::testing::Values(openai_shape(), anthropic_shape(), gemini_shape()),
                                            ::testing::Values(Door::completions_streamed, Door::messages_streamed,
                                                              Door::chat_streamed)),
                         [](const auto& info) {
                           const auto door = name_of(std::get<1>(info.param));
                           return std::get<0>(info.param).name + "_" + door.substr(0, door.find(','));
                         });

struct WhoCannotWait : FaultHouse, ::testing::WithParamInterface<Door> {
  // Leaves when the provider has been asked and has said nothing; returns once that has noticed.
  static Task<void> leave(FaultHouse& house, Door door) {
    using namespace asio::experimental::awaitable_operators;
    RawServer server(co_await asio::this_coro::executor);
    server.on_connection({read_head(), read_body(), hold()});
    const Shape shape = openai_shape();
    house.stage({{.name = "first", .id = "one", .dialect = shape.dialect, .url = server.url(shape.path)}});
    http::Client client{{}};
    static_cast<void>(co_await (settle(house.open(client, door)) ||
                                server.until([](const RawServer& now) { return now.bodies().size() == 1; })));
    co_await server.until([](const RawServer& now) { return now.closed_by_peer() == 1; });
    co_await server.stop();
  }
};

TEST_P(WhoCannotWait, EndsTheCallAndPaysForTheQuestion) {
  must_hold = "";  // of what ends without an answer, no request is logged
  on_loop(leave(*this, GetParam()));
  run_task(with_timeout(30s, listener.stop(1h)));
  run_task(stages.back()->gateway.stop());
  ASSERT_EQ(meter.calls.size(), 1U);
  EXPECT_FALSE(meter.calls[0].succeeded);
  EXPECT_GT(meter.calls[0].usage.input_tokens, 0);
  const auto spent_now = on_loop(spent());
  EXPECT_EQ(spent_now.used, meter.calls[0].cost);
  EXPECT_EQ(spent_now.held, 0);
  EXPECT_TRUE(stages.back()->gateway.health()[0].available);
}
INSTANTIATE_TEST_SUITE_P(Everywhere, WhoCannotWait, ::testing::ValuesIn(kDoors), [](const auto& info) {
  const auto door = name_of(info.param);
  return door.substr(0, door.find(',')) + (streams(info.param) ? "_streamed" : "");
});

}  // namespace
}  // namespace odeon::chat::faults
