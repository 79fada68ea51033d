// Providers that misbehave, and what somebody at the product's door sees of it: an answer, an error that says when to
// come back, or what there was and why it broke off. Never a silent end. With a second provider that is well, nobody
// sees anything, unless words were on their way already. What was not used is not paid; what may have been, because we
// did not wait for its end, is.
#include <boost/asio/ip/tcp.hpp>

#include "products/chat/apis/fault_house_test.hpp"

namespace odeon::chat::faults {
namespace {

using testing::close_connection;
using testing::hold;
using testing::http_answer;
using testing::read_body;
using testing::read_head;
using testing::reset_connection;
using testing::send;
using testing::trickle;

enum class Place { server, nobody_listens, no_such_name, untrusted };

struct Outcome {
  enum class Kind {
    answered,
    away,      // the provider's fault: another may answer
    limited,   // the same, until then
    rejected,  // the request's fault: no other would answer
    cut,       // words were on their way
  };
  Kind kind = Kind::answered;
  std::string text = "Once upon";  // until it was cut
  const char* code = "STREAM_CUT";
  Fault fault = Fault::upstream;
  std::string retry_after = "";
  bool had_the_question = false;  // and is paid for that, as nobody knows the rest
};
using Kind = Outcome::Kind;

Outcome answered() {
  return {};
}
Outcome away() {
  return {.kind = Kind::away};
}
Outcome away_with_the_question() {
  return {.kind = Kind::away, .had_the_question = true};
}
Outcome limited(std::string retry_after) {
  return {.kind = Kind::limited, .retry_after = std::move(retry_after)};
}
Outcome cut(const char* code = "STREAM_CUT", Fault fault = Fault::upstream, std::string text = "Once ") {
  return {.kind = Kind::cut, .text = std::move(text), .code = code, .fault = fault};
}

struct Scenario {
  std::string name;
  Outcome whole, streamed;  // by what the provider was asked for
  std::function<RawScript(const Shape&, bool streamed)> plays = [](const Shape&, bool) { return RawScript{}; };
  Place place = Place::server;
  std::chrono::milliseconds patience = 30s;
  std::string only = "";  // a shape; empty: all
};

// ---- what providers send -------------------------------------------------------------------------------

std::string object(std::string_view body) {
  return http_answer("200 OK", "application/json", body);
}
// Events of which there may be more.
std::string begun(std::string_view events) {
  return fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
      "{:x}\r\n{}\r\n",
      events.size(), events);
}
std::string all(std::string_view events) {
  return begun(events) + "0\r\n\r\n";
}
std::string half(const std::string& body) {
  const auto whole = object(body);
  return whole.substr(0, whole.size() - body.size() / 2);
}
std::string first_words(const Shape& shape) {
  return shape.opening + shape.once;
}

// The same, whatever was asked for.
auto always(RawScript script) {
  return [script = std::move(script)](const Shape&, bool) { return script; };
}
auto refusal(std::string_view status, std::string_view more = "") {
  return [status = std::string(status), more = std::string(more)](const Shape& shape, bool) {
    return RawScript{send(http_answer(status, "application/json", shape.error, more))};
  };
}
// One way for who wants it at once, and one for who wants a stream.
auto either(std::function<std::string(const Shape&)> whole, std::function<std::string(const Shape&)> events,
            RawScript then = {}) {
  return [whole = std::move(whole), events = std::move(events), then = std::move(then)](const Shape& shape,
                                                                                        bool streamed) {
    RawScript script{send(streamed ? events(shape) : whole(shape))};
    script.insert(script.end(), then.begin(), then.end());
    return script;
  };
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

std::string whole_of(const Shape& shape) {
  return object(shape.whole);
}
std::string half_of(const Shape& shape) {
  return half(shape.whole);
}
std::string words_of(const Shape& shape) {
  return begun(first_words(shape));
}

const auto kScenarios = std::to_array<Scenario>({
    // nobody there
    {.name = "Refused", .whole = away(), .streamed = away(), .place = Place::nobody_listens},
    {.name = "NoSuchName", .whole = away(), .streamed = away(), .place = Place::no_such_name},
    {.name = "UntrustedCertificate", .whole = away(), .streamed = away(), .place = Place::untrusted},
    {.name = "HangsUp", .whole = away(), .streamed = away(), .plays = always({close_connection()})},
    {.name = "SpeaksAnotherProtocol",
     .whole = away(),
     .streamed = away(),
     .plays = always({send("SSH-2.0-OpenSSH_9.2\r\n")})},

    // somebody who says no
    {.name = "Limit", .whole = limited(""), .streamed = limited(""), .plays = refusal("429 Too Many Requests")},
    {.name = "LimitWithATime",
     .whole = limited("7"),
     .streamed = limited("7"),
     .plays = refusal("429 Too Many Requests", "Retry-After: 7\r\n")},
    {.name = "Broken", .whole = away(), .streamed = away(), .plays = refusal("500 Internal Server Error")},
    {.name = "Overloaded", .whole = away(), .streamed = away(), .plays = refusal("529 Overloaded")},
    {.name = "WantsToBePaidFirst", .whole = away(), .streamed = away(), .plays = refusal("402 Payment Required")},
    {.name = "KeyRevoked", .whole = away(), .streamed = away(), .plays = refusal("401 Unauthorized")},
    {.name = "SentElsewhere",
     .whole = away(),
     .streamed = away(),
     .plays = refusal("307 Temporary Redirect", "Location: http://127.0.0.1:9/\r\n")},
    {.name = "Rejected",
     .whole = {.kind = Kind::rejected},
     .streamed = {.kind = Kind::rejected},
     .plays = refusal("400 Bad Request")},

    // somebody who says nothing, or not all
    {.name = "SlowFirstByte",
     .whole = away_with_the_question(),
     .streamed = away_with_the_question(),
     .plays = always({hold()}),
     .patience = 15ms},
    {.name = "OnlyComments",
     .whole = answered(),
     .streamed = away_with_the_question(),
     .plays =
         [](const Shape& shape, bool streamed) {
           if (!streamed) return RawScript{send(whole_of(shape))};
           return RawScript{send(begun(": keep-alive\n\n")), trickle("e\r\n: keep-alive\n\n\r\n")};
         },
     .patience = 60ms},
    {.name = "Stalls",
     .whole = away_with_the_question(),
     .streamed = cut("STREAM_CUT", Fault::timeout),
     .plays = either(half_of, words_of, {hold()}),
     .patience = 15ms},
    {.name = "Cut",
     .whole = away_with_the_question(),
     .streamed = cut(),
     .plays = either(half_of, words_of, {close_connection()})},
    {.name = "Reset",
     .whole = away_with_the_question(),
     .streamed = cut(),
     .plays = either(half_of, words_of, {reset_connection()})},
    {.name = "Empty",
     .whole = away(),
     .streamed = away(),
     .plays = either([](const Shape&) { return object(""); }, [](const Shape&) { return all(""); })},
    {.name = "NoEnd",
     .whole = answered(),
     .streamed = cut("STREAM_CUT", Fault::upstream, "Once upon"),
     .plays = either(whole_of, [](const Shape& shape) { return all(shape.opening + shape.once + shape.upon); })},
    {.name = "NoDone",
     .whole = answered(),
     .streamed = answered(),
     .plays =
         either(whole_of, [](const Shape& shape) { return all(replaced(shape.events(), "data: [DONE]\n\n", "")); }),
     .only = "OpenAi"},

    // somebody who says something else
    {.name = "MalformedJson",
     .whole = away(),
     .streamed = cut("BAD_ANSWER"),
     .plays = either([](const Shape& shape) { return object(shape.whole.substr(0, shape.whole.size() - 3)); },
                     [](const Shape& shape) { return all(first_words(shape) + "data: {\"candidates\":[\n\n"); })},
    {.name = "WrongType",
     .whole = away(),
     .streamed = away(),
     .plays = always({send(http_answer("200 OK", "text/html", "<html>Log in to ask about AAPL</html>"))})},
    {.name = "ErrorThatSaysOk",
     .whole = away(),
     .streamed = away(),
     .plays = either([](const Shape& shape) { return object(shape.error); },
                     [](const Shape& shape) { return all(shape.error_event); })},
    {.name = "ErrorThatSaysOkAtOnce",
     .whole = away(),
     .streamed = away(),
     .plays = either([](const Shape& shape) { return object(shape.error); },
                     [](const Shape& shape) { return object(shape.error); })},
    {.name = "ErrorAfterPartial",
     .whole = away(),
     .streamed = cut("PROVIDER_BUSY", Fault::unavailable),
     .plays = either([](const Shape& shape) { return object(shape.error); },
                     [](const Shape& shape) { return all(first_words(shape) + shape.error_event); })},
    {.name = "HugeEvent",
     .whole = answered(),
     .streamed = cut("EVENT_TOO_LARGE"),
     .plays =
         either(whole_of,
                [](const Shape& shape) { return begun(first_words(shape) + "data: " + std::string(17 << 20, ' ')); }),
     .only = "Anthropic"},

    // somebody who is only odd
    {.name = "AnswersAtOnce", .whole = answered(), .streamed = answered(), .plays = either(whole_of, whole_of)},
    {.name = "DuplicateEvents",
     .whole = answered(),
     .streamed = answered(),
     .plays = either(whole_of,
                     [](const Shape& shape) {
                       return all(shape.opening + shape.opening + shape.once + shape.upon + shape.ending +
                                  shape.ending);
                     })},
    {.name = "CommentsPaddingAndReturns",
     .whole = answered(),
     .streamed = answered(),
     .plays = either([](const Shape& shape) { return object("\n\n   \n" + shape.whole + "\n "); },
                     [](const Shape& shape) {
                       const auto padded = replaced(shape.events(), "\n\n", "   \n\n: OPENROUTER PROCESSING\n\n");
                       return all(": ping\r\n\r\n" + replaced(padded, "\n", "\r\n"));
                     })},
    {.name = "UsageInOddChunks",
     .whole = answered(),
     .streamed = answered(),
     .plays = either(whole_of,
                     [](const Shape& shape) {
                       const auto counted = replaced(shape.events(), "\"usage\":null",
                                                     R"("usage":{"prompt_tokens":9,"completion_tokens":3})");
                       return all(replaced(counted, R"("delta":{"content")",
                                           R"("usage":{"prompt_tokens":9,"completion_tokens":1},"delta":{"content")"));
                     }),
     .only = "OpenAi"},
});

// ---- what is seen of it --------------------------------------------------------------------------------

struct Exchange {
  Seen seen;
  std::vector<ai::Metered> calls;
  FaultHouse::Spent before, after;
  std::size_t asked_second = 0;
};

std::string address(Place place, const RawServer& server, const Shape& shape, std::uint16_t closed_port) {
  if (place == Place::nobody_listens) return fmt::format("http://127.0.0.1:{}{}", closed_port, shape.path);
  // Longer than a name may be: nobody else is asked for it.
  if (place == Place::no_such_name) return "http://" + std::string(64, 'a') + ".invalid" + shape.path;
  return server.url(shape.path);
}

std::uint16_t closed_port() {
  asio::io_context loop;
  return asio::ip::tcp::acceptor(loop, {asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

Task<Exchange> exchange(FaultHouse& house, const Scenario& scenario, const Shape& shape, Door door, bool with_second) {
  const auto loop = co_await asio::this_coro::executor;
  static const auto kUntrusted = testing::make_certificate("127.0.0.1", testing::make_authority("Nobody's"));
  std::optional<testing::Certificate> certificate;
  if (scenario.place == Place::untrusted) certificate = kUntrusted;
  RawServer first(loop, certificate), second(loop);
  RawScript script{read_head(), read_body()};
  std::ranges::move(scenario.plays(shape, asks_for_a_stream(door)), std::back_inserter(script));
  first.on_connection(std::move(script));
  const Shape well = openai_shape();
  second.on_connection({read_head(), read_body(),
                        send(asks_for_a_stream(door) ? all(replaced(well.events(), "Once ", "Hello, "))
                                                     : object(replaced(well.whole, "Once ", "Hello, ")))});

  std::vector<Upstream> upstreams{{.name = "first",
                                   .id = "one",
                                   .dialect = shape.dialect,
                                   .url = address(scenario.place, first, shape, closed_port()),
                                   .patience = scenario.patience}};
  if (with_second)
    upstreams.push_back({.name = "second", .id = "two", .dialect = well.dialect, .url = second.url(well.path)});
  house.stage(std::move(upstreams));

  Exchange done;
  done.before = co_await house.spent();
  done.seen = co_await house.ask(door);
  done.after = co_await house.spent();
  done.calls = std::exchange(house.meter.calls, {});
  done.asked_second = second.connections();
  co_await first.stop();
  co_await second.stop();
  co_return done;
}

// By API: OpenAI's, Anthropic's, ours.
using Codes = std::array<std::string, 3>;

Codes codes_of(const Outcome& outcome) {
  switch (outcome.kind) {
    case Kind::limited:
      return {"rate_limit_exceeded", "rate_limit_error", "AI_UNAVAILABLE"};
    case Kind::rejected:
      return {"model_rejected_request", "invalid_request_error", "MODEL_REJECTED_REQUEST"};
    case Kind::cut:
      return {text::to_lower(outcome.code),
              outcome.fault == Fault::timeout       ? "timeout_error"
              : outcome.fault == Fault::unavailable ? "overloaded_error"
                                                    : "api_error",
              "AI_UNAVAILABLE"};
    default:
      return {"model_unavailable", "overloaded_error", "AI_UNAVAILABLE"};
  }
}

void expect_seen(const Seen& seen, const Outcome& outcome, Door door) {
  const std::size_t api = static_cast<std::size_t>(door) / 2;
  const bool ours = api == 2;
  EXPECT_FALSE(seen.torn);
  EXPECT_EQ(seen.ends, 1) << seen.body;
  EXPECT_FALSE(seen.body.contains(kKey)) << seen.body;
  EXPECT_FALSE(seen.body.contains("AAPL")) << seen.body;
  if (outcome.kind == Kind::answered) {
    EXPECT_EQ(seen.status, 200U) << seen.body;
    EXPECT_TRUE(seen.answered) << seen.body;
    EXPECT_EQ(seen.text, outcome.text);
    return;
  }
  EXPECT_FALSE(seen.answered) << seen.body;
  EXPECT_EQ(seen.code, codes_of(outcome)[api]) << seen.body;
  if (outcome.kind == Kind::cut && streams(door)) {
    EXPECT_EQ(seen.status, 200U);
    EXPECT_EQ(seen.text, outcome.text);
    return;
  }
  EXPECT_EQ(seen.text, "");
  if (outcome.kind == Kind::rejected) {
    EXPECT_EQ(seen.status, 400U);
  } else if (outcome.kind == Kind::limited && !ours) {
    EXPECT_EQ(seen.status, 429U);
    EXPECT_EQ(seen.retry_after, outcome.retry_after);
  } else {
    EXPECT_EQ(seen.status, 503U);
    EXPECT_NE(seen.retry_after, "");
  }
}

void expect_paid(const Exchange& done, const Outcome& first, const Shape& shape, bool by_second) {
  std::int64_t cost = 0;
  std::vector<ai::Metered> own;
  for (const auto& call : done.calls) {
    cost += call.cost;
    if (call.model == kFirst) own.push_back(call);
  }
  EXPECT_EQ(done.after.used - done.before.used, cost);
  EXPECT_EQ(done.after.held, 0);
  EXPECT_EQ(done.calls.size() - own.size(), by_second ? 1U : 0U);
  if (first.kind == Kind::answered) {
    ASSERT_EQ(own.size(), 1U);
    EXPECT_TRUE(own[0].succeeded);
    EXPECT_EQ(own[0].usage.input_tokens, 9);
    EXPECT_EQ(own[0].usage.output_tokens, 3);
    EXPECT_EQ(own[0].cost, 9 * 1'000 + 3 * 10'000);
  } else if (first.kind == Kind::cut) {
    ASSERT_EQ(own.size(), 1U);
    EXPECT_FALSE(own[0].succeeded);
    // Who counts the question first is believed; else it is guessed.
    if (shape.name == "Anthropic")
      EXPECT_EQ(own[0].usage.input_tokens, 9);
    else
      EXPECT_GT(own[0].usage.input_tokens, 0);
    EXPECT_GT(own[0].usage.output_tokens, 0);
  } else if (first.had_the_question) {
    ASSERT_EQ(own.size(), 1U);
    EXPECT_FALSE(own[0].succeeded);
    EXPECT_GT(own[0].usage.input_tokens, 0);
    EXPECT_EQ(own[0].usage.output_tokens, 0);
  } else {
    EXPECT_TRUE(own.empty());
  }
}

struct FaultTable : FaultHouse, ::testing::WithParamInterface<std::tuple<Scenario, Shape>> {};

TEST_P(FaultTable, IsSeenAtTheDoor) {
  const auto& [scenario, shape] = GetParam();
  for (const bool with_second : {false, true}) {
    for (const Door door : kDoors) {
      SCOPED_TRACE(name_of(door) + (with_second ? ", with a second provider" : ""));
      const Outcome& first = asks_for_a_stream(door) ? scenario.streamed : scenario.whole;
      const bool by_second = with_second && (first.kind == Kind::away || first.kind == Kind::limited);
      const auto done = on_loop(exchange(*this, scenario, shape, door, with_second));
      expect_seen(done.seen, by_second ? Outcome{.text = "Hello, upon"} : first, door);
      EXPECT_EQ(done.asked_second, by_second ? 1U : 0U);
      expect_paid(done, first, shape, by_second);
    }
  }
}

std::vector<std::tuple<Scenario, Shape>> rows() {
  std::vector<std::tuple<Scenario, Shape>> all;
  for (const auto& scenario : kScenarios)
    for (const auto& shape : {openai_shape(), anthropic_shape(), gemini_shape()})
      if (scenario.only.empty() || scenario.only == shape.name) all.emplace_back(scenario, shape);
  return all;
}
INSTANTIATE_TEST_SUITE_P(Providers, FaultTable, ::testing::ValuesIn(rows()), [](const auto& info) {
  return std::get<0>(info.param).name + "_" + std::get<1>(info.param).name;
});

}  // namespace
}  // namespace odeon::chat::faults
