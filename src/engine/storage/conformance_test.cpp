#include "engine/storage/conformance.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <thread>

#include "base/crypto.hpp"
#include "base/error.hpp"

namespace odeon::storage {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Optional;

std::string some_bytes(std::size_t size, std::uint64_t seed) {
  std::string bytes(size, '\0');
  for (auto& byte : bytes) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    byte = static_cast<char>(seed >> 56);
  }
  return bytes;
}

std::string contents(ReadableObject& object, std::size_t piece) {
  std::string all(object.size(), '\0');
  std::uint64_t at = 0;
  while (at < all.size()) {
    const auto into = std::span(all).subspan(at, std::min<std::size_t>(piece, all.size() - at));
    const std::size_t count = run_task(object.read_at(at, into));
    if (count == 0) break;
    at += count;
  }
  all.resize(at);
  return all;
}

namespace {

Fault fault_of(auto&& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.fault;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Fault::internal;
}

std::vector<std::string> keys(const Page& page) {
  std::vector<std::string> out;
  for (const auto& object : page.objects) out.push_back(object.key);
  return out;
}

TEST_P(Conformance, gives_back_what_was_put) {
  const std::string sound = some_bytes(700'001);
  const Stored stored = put("briefings/editions/1.mp3", sound, {.content_type = "audio/mpeg"});
  EXPECT_EQ(stored.key, "briefings/editions/1.mp3");
  EXPECT_EQ(stored.size, sound.size());
  EXPECT_EQ(stored.content_type, "audio/mpeg");
  EXPECT_THAT(stored.etag, MatchesRegex("\"[^\"]+\""));
  if (!stored.md5.empty()) EXPECT_EQ(stored.md5, crypto::to_hex(crypto::md5(sound)));

  auto object = get("briefings/editions/1.mp3");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->size(), sound.size());
  EXPECT_EQ(object->content_type(), "audio/mpeg");
  EXPECT_EQ(object->etag(), stored.etag);
  EXPECT_TRUE(contents(*object) == sound);

  const auto known = stat("briefings/editions/1.mp3");
  ASSERT_TRUE(known);
  EXPECT_EQ(known->size, sound.size());
  EXPECT_EQ(known->content_type, "audio/mpeg");
  EXPECT_EQ(known->etag, stored.etag);
  EXPECT_EQ(known->modified, object->modified());
}

TEST_P(Conformance, reads_ranges) {
  put("a", "0123456789");
  auto object = get("a");
  std::string piece(4, '\0');
  EXPECT_EQ(run_task(object->read_at(3, piece)), 4U);
  EXPECT_EQ(piece, "3456");
  EXPECT_EQ(run_task(object->read_at(8, piece)), 2U);
  EXPECT_EQ(piece.substr(0, 2), "89");
  EXPECT_EQ(run_task(object->read_at(10, piece)), 0U);
  EXPECT_EQ(run_task(object->read_at(1'000'000'000'000, piece)), 0U);
}

TEST_P(Conformance, keeps_an_empty_object) {
  EXPECT_EQ(put("empty", "").size, 0U);
  auto object = get("empty");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->size(), 0U);
  std::string into(1, '\0');
  EXPECT_EQ(run_task(object->read_at(0, into)), 0U);
}

TEST_P(Conformance, the_tag_changes_with_the_bytes) {
  const Stored first = put("a", "one"), second = put("a", "two"), third = put("a", "one");
  EXPECT_NE(first.etag, second.etag);
  EXPECT_EQ(first.etag, third.etag);
  EXPECT_THAT(bytes("a"), Optional(std::string("one")));
}

TEST_P(Conformance, replaces_bytes_and_what_is_said_of_them_together) {
  put("a", "longer than before", {.content_type = "text/plain"});
  put("a", "{}", {.content_type = "application/json"});
  EXPECT_EQ(stat("a")->content_type, "application/json");
  EXPECT_EQ(stat("a")->size, 2U);
  EXPECT_THAT(bytes("a"), Optional(std::string("{}")));
}

TEST_P(Conformance, what_is_not_there_is_nothing) {
  put("folder/a", "1");
  for (const char* key : {"b", "folder", "folder/b", "folder/a/b", "folder/a/b/c"}) {
    EXPECT_FALSE(get(key)) << key;
    EXPECT_FALSE(stat(key)) << key;
    EXPECT_NO_THROW(run_task(storage().remove(key))) << key;
  }
  EXPECT_TRUE(get("folder/a"));
}

TEST_P(Conformance, removes) {
  put("folder/a", "1");
  put("folder/b", "2");
  run_task(storage().remove("folder/a"));
  EXPECT_FALSE(get("folder/a"));
  EXPECT_TRUE(get("folder/b"));
  run_task(storage().remove("folder/b"));
  EXPECT_THAT(keys(list("")), IsEmpty());
  put("folder/a", "3");
  EXPECT_THAT(bytes("folder/a"), Optional(std::string("3")));
}

TEST_P(Conformance, a_key_may_be_the_folder_of_another) {
  put("a", "1");
  put("a/b", "2");
  put("a/b/c", "3");
  EXPECT_THAT(bytes("a"), Optional(std::string("1")));
  EXPECT_THAT(bytes("a/b"), Optional(std::string("2")));
  run_task(storage().remove("a/b"));
  EXPECT_THAT(keys(list("")), ElementsAre("a", "a/b/c"));
}

TEST_P(Conformance, a_key_may_be_as_long_as_allowed) {
  const std::string key = std::string(200, 'a') + "/" + std::string(200, 'b') + "/" + std::string(110, 'c');
  ASSERT_EQ(key.size(), 512U);
  put(key, "1");
  EXPECT_THAT(keys(list("")), ElementsAre(key));
  EXPECT_THAT(bytes(key), Optional(std::string("1")));
}

TEST_P(Conformance, other_keys_are_refused_everywhere) {
  for (const std::string key : {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/.", "a b", "a\\b", "a,b",
                                "ä", "a\nb", "a%2fb", "a:b"}) {
    EXPECT_EQ(fault_of([&] { put(key, "1"); }), Fault::invalid) << key;
    EXPECT_EQ(fault_of([&] { get(key); }), Fault::invalid) << key;
    EXPECT_EQ(fault_of([&] { stat(key); }), Fault::invalid) << key;
    EXPECT_EQ(fault_of([&] { run_task(storage().remove(key)); }), Fault::invalid) << key;
    EXPECT_EQ(fault_of([&] { storage().sign_read(key, std::chrono::minutes(1)); }), Fault::invalid) << key;
  }
  EXPECT_EQ(fault_of([&] { put(std::string("a\0b", 3), "1"); }), Fault::invalid);
  EXPECT_EQ(fault_of([&] { put(std::string(201, 'a'), "1"); }), Fault::invalid);
  EXPECT_EQ(
      fault_of([&] { put(std::string(200, 'a') + "/" + std::string(200, 'b') + "/" + std::string(111, 'c'), ""); }),
      Fault::invalid);
  EXPECT_THAT(keys(list("")), IsEmpty());
}

TEST_P(Conformance, a_content_type_cannot_smuggle_a_header) {
  for (const std::string type : {"", "text/html\r\nSet-Cookie: a=b", "text/ümlaut"})
    EXPECT_EQ(fault_of([&] { put("a", "1", {.content_type = type}); }), Fault::invalid) << type;
  EXPECT_FALSE(get("a"));
}

TEST_P(Conformance, lists_by_prefix_in_the_order_of_keys) {
  for (const char* key : {"b/2", "b/1", "a", "b-1", "b.1", "b0", "b", "c/d/e", "b/10"}) put(key, key);
  EXPECT_THAT(keys(list("")), ElementsAre("a", "b", "b-1", "b.1", "b/1", "b/10", "b/2", "b0", "c/d/e"));
  EXPECT_THAT(keys(list("b/")), ElementsAre("b/1", "b/10", "b/2"));
  EXPECT_THAT(keys(list("b/1")), ElementsAre("b/1", "b/10"));
  EXPECT_THAT(keys(list("c/d")), ElementsAre("c/d/e"));
  EXPECT_THAT(keys(list("d")), IsEmpty());
  EXPECT_THAT(keys(list("../")), IsEmpty());
  EXPECT_EQ(list("a").objects.front().size, 1U);
  EXPECT_EQ(list("a").next, "");
}

TEST_P(Conformance, lists_in_pages) {
  for (int i = 0; i < 7; ++i) put("x/" + std::to_string(i), "1");
  const Page first = list("x/", "", 3);
  EXPECT_THAT(keys(first), ElementsAre("x/0", "x/1", "x/2"));
  put("x/00", "before the cursor");
  run_task(storage().remove("x/3"));
  const Page second = list("x/", first.next, 3);
  EXPECT_THAT(keys(second), ElementsAre("x/4", "x/5", "x/6"));
  EXPECT_EQ(second.next, "");
  EXPECT_EQ(list("x/", "", 0).objects.size(), 1U);
}

TEST_P(Conformance, refuses_what_is_larger_than_told_and_keeps_what_was_there) {
  put("a", "old");
  EXPECT_EQ(put("b", "1234", {.max_bytes = 4}).size, 4U);
  EXPECT_EQ(fault_of([&] { put("a", "12345", {.max_bytes = 4}); }), Fault::too_large);
  EXPECT_EQ(fault_of([&] { put("a", some_bytes(3'000'000), {.max_bytes = 2'999'999}); }), Fault::too_large);
  EXPECT_EQ(fault_of([&] { put("c", "1", {.max_bytes = 0}); }), Fault::too_large);
  EXPECT_THAT(bytes("a"), Optional(std::string("old")));
  EXPECT_FALSE(get("c"));
}

TEST_P(Conformance, a_source_that_fails_leaves_nothing) {
  put("a", "old");
  for (const std::size_t size : {0U, 10U, 600'000U}) {
    SlicedSource broken(some_bytes(size), {}, SlicedSource::End::failure);
    EXPECT_THROW(run_task(storage().put("a", broken, {})), std::runtime_error);
    SlicedSource again(some_bytes(size), {}, SlicedSource::End::failure);
    EXPECT_THROW(run_task(storage().put("new", again, {})), std::runtime_error);
  }
  EXPECT_THAT(bytes("a"), Optional(std::string("old")));
  EXPECT_THAT(keys(list("")), ElementsAre("a"));
}

TEST_P(Conformance, a_put_that_is_cancelled_leaves_nothing) {
  SlicedSource silent(some_bytes(600'000), {}, SlicedSource::End::silence);
  asio::io_context loop(1);
  asio::cancellation_signal cancel;
  std::exception_ptr failure;
  asio::co_spawn(
      loop, storage().put("a", silent, {}),
      asio::bind_cancellation_slot(cancel.slot(), [&failure](std::exception_ptr error, Stored) { failure = error; }));
  while (!silent.given()) loop.run_one();
  while (loop.poll() > 0) continue;
  cancel.emit(asio::cancellation_type::terminal);
  loop.run();
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
  EXPECT_THAT(keys(list("")), IsEmpty());
}

TEST_P(Conformance, any_slices_make_the_same_object) {
  EXPECT_TRUE(rc::check([this] {
    const std::string bytes =
        some_bytes(*rc::gen::inRange<std::size_t>(0, 600'000), *rc::gen::arbitrary<std::uint64_t>());
    const auto slices = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 300'000));
    SlicedSource source(bytes, slices);
    const Stored stored = run_task(storage().put("sliced", source, {}));
    RC_ASSERT(stored.size == bytes.size());
    RC_ASSERT(contents(*get("sliced"), *rc::gen::inRange<std::size_t>(10'000, 700'000)) == bytes);
  }));
}

Task<void> put_and_read(Storage& storage, int writer) {
  for (std::uint64_t i = 0; i < 20; ++i) {
    const std::string key = "shared/" + std::to_string(i % 3);
    co_await put(storage, key, some_bytes(1000 * static_cast<std::size_t>(writer + 1)), {});
    if (auto object = co_await storage.get(key)) {
      std::string all(object->size(), '\0');
      EXPECT_EQ(co_await object->read_at(0, all), all.size());
      EXPECT_TRUE(all == some_bytes(all.size())) << "bytes of one put and the size of another";
    }
    co_await storage.remove(key);
  }
}

TEST_P(Conformance, many_write_read_and_remove_the_same_keys) {
  // Loops that run until nothing is left for them, so that no pool comes back to one that is gone.
  std::array<asio::io_context, 3> loops;
  std::vector<std::exception_ptr> failures(8);
  for (std::size_t i = 0; i < failures.size(); ++i)
    asio::co_spawn(loops[i % loops.size()], put_and_read(storage(), static_cast<int>(i)),
                   [&failures, i](std::exception_ptr failure) { failures[i] = failure; });
  std::vector<std::thread> threads;
  for (auto& loop : loops) threads.emplace_back([&loop] { loop.run(); });
  for (auto& thread : threads) thread.join();
  for (const auto& failure : failures) EXPECT_FALSE(failure) << describe(failure);
  EXPECT_THAT(keys(list("")), IsEmpty());
}

TEST_P(Conformance, is_well) {
  EXPECT_NO_THROW(run_task(storage().ping()));
  EXPECT_THAT(keys(list("")), IsEmpty());
}

}  // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Conformance);

}  // namespace odeon::storage
