// Files that people send, over a socket and into a real storage.
#include <gtest/gtest.h>

#include "engine/http/binding.hpp"
#include "engine/http/server_fixture_test.hpp"
#include "engine/storage/files.hpp"
#include "server/adapters.hpp"
#include "testing/clock.hpp"
#include "testing/http.hpp"
#include "testing/memory.hpp"
#include "testing/scratch.hpp"

namespace odeon::server {
namespace {

constexpr std::uint64_t kLargestNote = 300'000, kLargestSound = 50'000'000;

struct SendSound {
  Text<0, 20> title;
  http::Upload sound;
};
BOOST_DESCRIBE_STRUCT(SendSound, (), (title, sound))

constexpr http::Endpoint<SendSound, http::Upload> send_note{
    {.method = http::Method::post, .path = "/notes", .summary = "Send a short sound", .max_body = kLargestNote}};
constexpr http::Endpoint<SendSound, http::Upload> send_sound{
    {.method = http::Method::post, .path = "/sounds", .summary = "Send a sound", .max_body = kLargestSound}};

struct Sounds {
  Task<http::Upload> send(SendSound sent) { co_return sent.sound; }
};

class Uploads : public ::testing::Test {
 protected:
  Uploads() {
    auto api = std::make_unique<http::Api>("", "Server", std::make_unique<http::BareFormat>());
    http::mount(*api, send_note, &Sounds::send, sounds);
    http::mount(*api, send_sound, &Sounds::send, sounds);
    router.add(std::move(api));
  }
  // The pool may still be waking a loop, which must be there until it has.
  ~Uploads() override { pool.join(); }

  // A form with a title and a file of `size` bytes, written as the server takes it.
  http::RawAnswer send(std::string_view path, std::uint64_t size) {
    const std::string begin =
        "--XX\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nRain\r\n"
        "--XX\r\nContent-Disposition: form-data; name=\"sound\"; filename=\"rain.wav\"\r\nContent-Type: "
        "audio/wav\r\n\r\n";
    const std::string end = "\r\n--XX--\r\n";
    http::RawClient client(server.port);
    client.send(
        fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
                    "Content-Length: {}\r\n\r\n{}",
                    path, begin.size() + size + end.size(), begin));
    const std::string piece(64 * 1024, '\r');  // every byte could begin a boundary
    for (std::uint64_t left = size; left > 0;) {
      const auto count = std::min<std::uint64_t>(left, piece.size());
      if (!client.send(std::string_view(piece).substr(0, count))) break;
      most_resident = std::max(most_resident, testing::resident());
      left -= count;
    }
    client.send(end);
    return client.answer();
  }
  std::size_t kept() { return run_task(storage->list("uploads/", "", 10)).objects.size(); }

  Sounds sounds;
  testing::ScratchFolder folder;
  testing::FakeClock clock;
  ThreadPool pool{1};
  storage::FileSigner signer{std::string(32, 's'), clock};
  std::unique_ptr<storage::Storage> storage = storage::open_files(folder / "objects", pool, signer, clock);
  StoredUploads uploads{*storage, clock};
  testing::FakeAuthenticator authenticator;
  testing::FakeLimiter limiter;
  Log log{Log::Level::off};
  http::Router router{{authenticator, limiter, uploads, clock}, log};
  std::size_t most_resident = 0;
  http::TestServer server{[this](http::Request& request) { return router.handle(request); }};  // dies first
};

TEST_F(Uploads, AFileOfTheAllowedSizeIsKept) {
  const auto answer = send("/notes", kLargestNote);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto note = json::parse(answer.body);
  EXPECT_EQ(note.at("size"), kLargestNote);
  EXPECT_EQ(run_task(storage->stat(std::string(note.at("key").as_string())))->size, kLargestNote);
}

TEST_F(Uploads, OneByteMoreIsRefusedAndNotKept) {
  const auto answer = send("/notes", kLargestNote + 1);
  EXPECT_EQ(answer.status, 413) << answer.body;
  EXPECT_EQ(kept(), 0U);
}

TEST_F(Uploads, ALargeFileIsNeverWholeInMemory) {
  send("/notes", kLargestNote);  // what is set up once is there before it is measured
  const std::size_t before = testing::resident();
  most_resident = before;
  const auto answer = send("/sounds", kLargestSound);
  EXPECT_EQ(answer.status, 200) << answer.body;
  if (testing::freed_memory_is_free()) EXPECT_LT(most_resident - before, 16 * 1024U);
}

TEST_F(Uploads, WhatIsFarTooLargeIsRefusedBeforeItIsSent) {
  http::RawClient client(server.port);
  const auto answer = client.exchange(
      fmt::format("POST /sounds HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
                  "Content-Length: {}\r\n\r\n",
                  kLargestSound + 70'000));
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.field("connection"), "close");
}

}  // namespace
}  // namespace odeon::server
