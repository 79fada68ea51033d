#include "engine/coordination/redis_wire.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "engine/coordination/redis_address.hpp"
#include "engine/coordination/redis_values.hpp"

namespace odeon::coordination::redis {
namespace {

std::string as_sent(const Reply& reply) {
  switch (reply.kind) {
    case Reply::Kind::nil:
      return "$-1\r\n";
    case Reply::Kind::text:
      return fmt::format("${}\r\n{}\r\n", reply.text.size(), reply.text);
    case Reply::Kind::integer:
      return fmt::format(":{}\r\n", reply.integer);
    case Reply::Kind::error:
      return fmt::format("-{}\r\n", reply.text);
    case Reply::Kind::list:
      break;
  }
  std::string out = fmt::format("*{}\r\n", reply.list.size());
  for (const Reply& part : reply.list) out += as_sent(part);
  return out;
}

Reply any_reply(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 5 : 4)) {
    case 0:
      return {};
    case 1:
      return {.kind = Reply::Kind::text, .text = *rc::gen::arbitrary<std::string>()};
    case 2:
      return {.kind = Reply::Kind::integer, .integer = *rc::gen::arbitrary<std::int64_t>()};
    case 3:
      return {.kind = Reply::Kind::error,
              .text = "ERR " + *rc::gen::container<std::string>(rc::gen::inRange(' ', '~'))};
    default: {
      Reply list{.kind = Reply::Kind::list};
      for (int parts = *rc::gen::inRange(0, 4); parts > 0; --parts) list.list.push_back(any_reply(depth - 1));
      return list;
    }
  }
}

RC_GTEST_PROP(ReplyReader, reads_replies_in_any_slices, ()) {
  std::vector<Reply> replies;
  std::string bytes;
  for (int count = *rc::gen::inRange(1, 6); count > 0; --count) {
    replies.push_back(any_reply(3));
    bytes += as_sent(replies.back());
  }
  ReplyReader reader;
  std::vector<Reply> read;
  while (!bytes.empty()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, bytes.size() + 1);
    reader.feed(bytes.substr(0, size));
    bytes.erase(0, size);
    while (auto reply = reader.next()) read.push_back(std::move(*reply));
  }
  RC_ASSERT(read == replies);
}

RC_GTEST_PROP(ReplyReader, takes_any_bytes_for_a_reply_or_for_nonsense, ()) {
  ReplyReader reader;
  try {
    for (const auto& piece : *rc::gen::arbitrary<std::vector<std::string>>()) {
      reader.feed(*rc::gen::element<std::string>("*", "$", ":", "-", "+", "*2\r\n", "$1\r\n", "\r\n", "1") + piece);
      while (reader.next()) {
      }
    }
  } catch (const Error& error) {
    RC_ASSERT(error.fault == Fault::upstream);
  }
}

TEST(ReplyReader, does_not_make_room_for_what_is_only_promised) {
  ReplyReader reader;
  reader.feed("*2147483647\r\n");
  EXPECT_THROW(reader.next(), Error);
}

TEST(ReplyReader, refuses_a_reply_that_does_not_end) {
  ReplyReader reader;
  reader.feed("$500000000\r\n");
  const std::string piece(1024 * 1024, 'x');
  EXPECT_THROW(
      for (int i = 0; i < 100; ++i) {
        reader.feed(piece);
        EXPECT_EQ(reader.next(), std::nullopt);
      },
      Error);
}

TEST(Command, is_written_as_a_list_of_texts) {
  EXPECT_EQ(command({"GET", std::string_view("a\0b", 3)}), std::string("*2\r\n$3\r\nGET\r\n$3\r\na\0b\r\n", 22));
}

TEST(Error, is_known_by_its_code) {
  const Reply error{.kind = Reply::Kind::error, .text = "NOSCRIPT No matching script."};
  EXPECT_TRUE(error.is_error("NOSCRIPT"));
  EXPECT_FALSE(error.is_error("NO"));
}

RC_GTEST_PROP(Address, keeps_any_password, (const std::string& user, const std::string& password)) {
  RC_PRE(!password.empty());
  const auto address = parse_address(
      fmt::format("rediss://{}:{}@redis.example:7000/3", text::percent_encode(user), text::percent_encode(password)));
  RC_ASSERT(address.user == user && address.password == password);
  RC_ASSERT(address.tls && address.host == "redis.example" && address.port == 7000 && address.database == 3);
}

TEST(Address, has_defaults) {
  const auto address = parse_address("redis://localhost");
  EXPECT_FALSE(address.tls);
  EXPECT_EQ(address.port, 6379);
  EXPECT_EQ(address.database, 0);
  EXPECT_EQ(parse_address("redis://:secret@[::1]:1/").host, "::1");
  EXPECT_EQ(parse_address("redis://:secret@localhost").password, "secret");
}

TEST(Address, that_is_none_is_refused_without_showing_the_password) {
  for (const char* url : {"", "localhost:6379", "http://localhost", "redis://", "redis://:hush@localhost:0",
                          "redis://:hush@localhost:70000", "redis://:hush@localhost:x", "redis://:hush@localhost/x",
                          "redis://:hush@localhost/-1", "redis://:hush@localhost/1/2", "redis://:hush@localhost?a=b",
                          "redis://ada@localhost", "redis://:hu sh@localhost"}) {
    try {
      parse_address(url);
      ADD_FAILURE() << url;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault, Fault::invalid) << url;
      EXPECT_EQ(error.message.find("hush"), std::string::npos) << error.message;
    }
  }
}

RC_GTEST_PROP(Value, lives_until_its_end, (const std::string& value)) {
  const Instant end(std::chrono::seconds(1795159800));
  RC_ASSERT(unpack(pack(value, end), end - Micros(1)) == value);
  RC_ASSERT(unpack(pack(value, end), end) == std::nullopt);
}

TEST(Value, that_somebody_else_put_there_is_none) {
  EXPECT_EQ(unpack("short", Instant()), std::nullopt);
}

}  // namespace
}  // namespace odeon::coordination::redis
