#include "engine/ai/providers/aws_event_stream.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "engine/ai/providers/aws_frame_test.hpp"
#include "testing/child.hpp"
#include "testing/scratch.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

std::vector<AwsEvent> read_in_slices(std::string_view bytes, AwsEventParser& parser) {
  std::vector<AwsEvent> events;
  const int longest = *rc::gen::element(1, 7, 300);
  while (!bytes.empty()) {
    auto slice = bytes.substr(0, *rc::gen::inRange(1, longest + 1));
    bytes.remove_prefix(slice.size());
    while (!slice.empty())
      if (auto event = parser.next(slice)) events.push_back(std::move(*event));
  }
  return events;
}

RC_GTEST_PROP(AwsEventStream, IsReadInAnySlices, ()) {
  std::vector<AwsEvent> meant;
  std::string bytes;
  for (int count = *rc::gen::inRange(0, 5); count > 0; --count) {
    AwsEvent event{{{":event-type", std::to_string(count)}}, *rc::gen::arbitrary<std::string>()};
    event.headers[*rc::gen::element<std::string>("", "a", ":message-type")] = *rc::gen::arbitrary<std::string>();
    bytes += aws_frames::frame(event.headers, event.payload);
    meant.push_back(std::move(event));
  }
  AwsEventParser parser;
  const auto read = read_in_slices(bytes, parser);
  RC_ASSERT(read.size() == meant.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    RC_ASSERT(read[i].headers == meant[i].headers);
    RC_ASSERT(read[i].payload == meant[i].payload);
  }
}

RC_GTEST_PROP(AwsEventStream, IsNothingWithAByteChanged, ()) {
  std::string bytes =
      aws_frames::frame({{"a", *rc::gen::arbitrary<std::string>()}}, *rc::gen::arbitrary<std::string>());
  bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] ^= static_cast<char>(*rc::gen::inRange(1, 256));
  AwsEventParser parser;
  std::string_view left = bytes;
  RC_ASSERT_THROWS_AS(parser.next(left), Error);
}

// With checksums that are right.
std::string frame_of(std::uint32_t total, std::uint32_t headers, const std::string& rest) {
  std::string made = aws_frames::number(total, 4) + aws_frames::number(headers, 4);
  made += aws_frames::checksum(made) + rest;
  return made + aws_frames::checksum(made);
}

TEST(AwsEventStream, RefusesLengthsThatCannotBe) {
  using std::string_literals::operator""s;
  for (const auto& bad : {frame_of(15, 0, ""), frame_of(0, 0, ""), frame_of(16, 1, ""), frame_of(17, 0xFFFFFFFF, "a"),
                          frame_of(AwsEventParser::kMostBytes + 1, 0, ""),
                          frame_of(19, 3,
                                   "\x05"
                                   "ab"),  // a name that is longer than the headers
                          frame_of(19, 3,
                                   "\x01"
                                   "a\x0A"),  // a type that there is not
                          frame_of(21, 5,
                                   "\x01"
                                   "a\x07\0\x01"s)})  // a value that is not there
  {
    AwsEventParser parser;
    std::string_view left = bad;
    try {
      parser.next(left);
      ADD_FAILURE() << "read";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault, Fault::upstream);
    }
  }
}

bj::object any_header() {
  const auto kind = *rc::gen::element<std::string>("string", "string", "boolean", "byte", "short", "integer", "long",
                                                   "binary", "timestamp", "uuid");
  if (kind == "string") return {{"type", kind}, {"value", *rc::gen::element<std::string>("", "Grüße", "a b")}};
  if (kind == "binary") return {{"type", kind}, {"value", "AP9z"}};
  if (kind == "boolean") return {{"type", kind}, {"value", *rc::gen::arbitrary<bool>()}};
  if (kind == "uuid") return {{"type", kind}, {"value", "0af76519-16cd-43dd-8448-eb211c80319c"}};
  return {{"type", kind}, {"value", *rc::gen::inRange(-100, 100)}};
}

TEST(AwsEventStream, IsReadAsAwssOwnLibraryWritesIt) {
  const std::string installed = ODEON_BUILD_DIR "/npm/ai";
  testing::Child install(
      {ODEON_SOURCE_DIR "/scripts/npm-install", ODEON_SOURCE_DIR "/src/engine/ai/providers/strangers", installed});
  install.wait_for_line("\r\r");  // to its end
  const testing::ScratchFolder folder;
  std::ofstream list(folder / "list");
  std::vector<AwsEvent> meant;
  EXPECT_TRUE(rc::check([&] {
    AwsEvent event{{}, *rc::gen::arbitrary<std::string>()};
    bj::object headers;
    for (int count = *rc::gen::inRange(0, 6); count > 0; --count) {
      const std::string name = ":header-" + std::to_string(count);
      headers[name] = any_header();
      if (headers[name].at("type") == "string") event.headers[name] = headers[name].at("value").as_string();
    }
    list << bj::object{{"headers", headers}, {"body", crypto::to_base64(event.payload)}} << '\n';
    meant.push_back(std::move(event));
  }));
  list.close();
  testing::Child node({"node", installed + "/event_stream.mjs", folder / "list", folder / "frames"});
  node.wait_for_line("\r\r");
  ASSERT_EQ(node.output(), fmt::format("encoded {} messages\n", meant.size())) << install.output();

  std::ifstream file(folder / "frames", std::ios::binary);
  const std::string frames{std::istreambuf_iterator<char>(file), {}};
  std::string_view left = frames;
  AwsEventParser parser;
  for (const auto& event : meant) {
    const auto read = parser.next(left);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->headers, event.headers);
    EXPECT_EQ(read->payload, event.payload);
  }
  EXPECT_TRUE(left.empty());
}

}  // namespace
}  // namespace odeon::ai
