#include "engine/http/sse_reader.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::http {
namespace {

// Gives out its text in pieces of the given sizes, over and over.
class SlicedSource final : public ByteSource {
 public:
  SlicedSource(std::string text, std::vector<std::size_t> sizes) : text_(std::move(text)), sizes_(std::move(sizes)) {}
  Task<std::size_t> read(std::span<char> into) override {
    const std::size_t wanted = sizes_.empty() ? into.size() : sizes_[turn_++ % sizes_.size()];
    const std::size_t count = std::min({wanted, into.size(), text_.size() - at_});
    std::copy_n(text_.data() + at_, count, into.data());
    at_ += count;
    co_return count;
  }

 private:
  std::string text_;
  std::vector<std::size_t> sizes_;
  std::size_t at_ = 0, turn_ = 0;
};

using Events = std::vector<std::vector<std::string>>;  // event, data, id

Task<Events> events_of(std::string text, std::vector<std::size_t> sizes, std::size_t limit) {
  SlicedSource source(std::move(text), std::move(sizes));
  SseReader reader(source, limit);
  Events events;
  while (auto event = co_await reader.next()) events.push_back({event->event, event->data, event->id});
  co_return events;
}

Events events_of(std::string text, std::vector<std::size_t> sizes = {1}) {
  return run_task(events_of(std::move(text), std::move(sizes), 1024));
}

struct Case {
  const char* name;
  std::string text;
  Events events;
};
class EventStream : public ::testing::TestWithParam<Case> {};

TEST_P(EventStream, IsReadAsTheStandardSays) {
  EXPECT_EQ(events_of(GetParam().text, {1}), GetParam().events);
  EXPECT_EQ(events_of(GetParam().text, {2, 3}), GetParam().events);
  EXPECT_EQ(events_of(GetParam().text, {}), GetParam().events);
}
INSTANTIATE_TEST_SUITE_P(
    Cases, EventStream,
    ::testing::Values(
        Case{"Plain", "data: {\"a\":1}\n\n", {{"message", "{\"a\":1}", ""}}},
        Case{"LineEnds",
             "data: a\r\rdata: b\r\n\r\ndata: c\n\n",
             {{"message", "a", ""}, {"message", "b", ""}, {"message", "c", ""}}},
        Case{"ManyLines", "data: one\ndata:two\ndata:  three\n\n", {{"message", "one\ntwo\n three", ""}}},
        Case{"EmptyData", "data\n\ndata\ndata\n\ndata:", {{"message", "", ""}, {"message", "\n", ""}}},
        Case{"Comments", ": OPENROUTER PROCESSING\n\n:\ndata: x\n: y\n\n", {{"message", "x", ""}}},
        Case{"Named", "event: ping\ndata: 1\n\ndata: 2\n\n", {{"ping", "1", ""}, {"message", "2", ""}}},
        Case{"NameWithoutData", "event: lost\n\ndata: 2\n\n", {{"message", "2", ""}}},
        Case{"IdsStay",
             "id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
             {{"message", "a", "7"}, {"message", "b", "7"}, {"message", "c", ""}}},
        Case{"IdWithNul", std::string("id: 1\nid: a\0b\ndata: x\n\n", 23), {{"message", "x", "1"}}},
        Case{"ByteOrderMark",
             "\xEF\xBB\xBF"
             "data: x\n\n",
             {{"message", "x", ""}}},
        Case{"OnlyOneByteOrderMark",
             "\xEF\xBB\xBF\xEF\xBB\xBF"
             "data: x\n\ndata: y\n\n",
             {{"message", "y", ""}}},
        Case{"HalfAByteOrderMark",
             "\xEF\xBB"
             "data: x\n\ndata: y\n\n",
             {{"message", "y", ""}}},
        Case{"UnknownFields", "foo: bar\nDATA: no\n data: no\ndata: yes\n\n", {{"message", "yes", ""}}},
        Case{"Unicode", "data: \xE2\x82\xAC \xF0\x9F\x98\x80\n\n", {{"message", "\xE2\x82\xAC \xF0\x9F\x98\x80", ""}}},
        Case{"BadUnicode",
             "data: a\xFF"
             "b\n\n",
             {{"message",
               "a\xEF\xBF\xBD"
               "b",
               ""}}},
        Case{"CutOff", "data: a\n\ndata: b\n", {{"message", "a", ""}}}, Case{"Nothing", "", {}}),
    [](const auto& info) { return info.param.name; });

TEST(SseReader, TellsHowLongToWaitBeforeReconnecting) {
  EventStreamParser parser(100);
  for (auto [text, expected] : std::initializer_list<std::pair<std::string_view, int>>{{"retry: 250\n", 250},
                                                                                       {"retry: 1s\n", 250},
                                                                                       {"retry:\n", 250},
                                                                                       {"retry: -1\n", 250},
                                                                                       {"retry: 99999999999\n", 250},
                                                                                       {"retry:0\n", 0}}) {
    std::string_view bytes = text;
    EXPECT_FALSE(parser.next(bytes));
    EXPECT_EQ(parser.retry(), std::chrono::milliseconds(expected)) << text;
  }
}

TEST(SseReader, LimitsAnEvent) {
  const auto read_with_limit = [](std::string text) { return run_task(events_of(std::move(text), {7}, 20)); };
  EXPECT_EQ(read_with_limit("data: 12345678901234\n\n").size(), 1u);
  EXPECT_THROW(read_with_limit("data: 123456789012345\n\n"), Error);
  EXPECT_THROW(read_with_limit("data: 12345\ndata: 123456\n\n"), Error);
  EXPECT_THROW(read_with_limit(":" + std::string(30, ' ')), Error);  // one line without end
  EXPECT_THROW(read_with_limit("x: 1234567\nx: 12345678\n\n"), Error);
  std::string kept_alive;
  for (int i = 0; i < 100; ++i) kept_alive += ": still here\n";
  EXPECT_EQ(read_with_limit(kept_alive + "data: x\n\ndata: y\n\n").size(), 2u);
}

// What was written is read again, whatever the line ends and the slices.
TEST(SseReader, ReadsAnySlicing) {
  const auto word = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab :\xC3")));
  EXPECT_TRUE(rc::check([&] {
    const auto wanted = *rc::gen::container<std::vector<std::vector<std::string>>>(
        rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(word)));
    const auto ends = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>("\n", "\r", "\r\n")));
    const auto sizes =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 30)));
    std::string text;
    Events expected;
    std::size_t line = 0;
    for (const auto& data : wanted) {
      // One kind of end within an event: "\r" before "\n" would be one end, not two.
      const std::string& end = ends[line++ % ends.size()];
      std::string joined;
      for (const std::string& part : data) {
        text += "data: " + part + end;
        joined += (&part == data.data() ? "" : "\n") + part;
      }
      text += end;
      expected.push_back({"message", text::to_valid_utf8(joined), ""});
    }
    RC_ASSERT(run_task(events_of(text, sizes, 1'000'000)) == expected);
  }));
}

}  // namespace
}  // namespace odeon::http
