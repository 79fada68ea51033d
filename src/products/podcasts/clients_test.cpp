// Programs that nobody here wrote, against a server that listens.
#include <gtest/gtest.h>

#include <cstdio>

#include "base/crypto.hpp"
#include "engine/http/pipeline.hpp"
#include "engine/http/server.hpp"
#include "products/podcasts/house_test.hpp"

namespace odeon::podcasts {
namespace {

struct StrangersOfPodcasts : PodcastsHouse {
  static void SetUpTestSuite() {
    ASSERT_EQ(std::system((ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR "/src/products/podcasts/clients " +
                           installed())
                              .c_str()),
              0);
  }
  static std::string installed() { return ODEON_BUILD_DIR "/npm/podcasts"; }

  StrangersOfPodcasts() {
    port = listener.start();
    loops.start();
  }
  ~StrangersOfPodcasts() override { run_task(listener.stop(std::chrono::milliseconds(0))); }

  // What a command prints; it has to succeed.
  static std::string output_of(const std::string& command) {
    std::string output;
    FILE* pipe = popen(command.c_str(), "r");
    for (int c; (c = std::fgetc(pipe)) != EOF;) output += static_cast<char>(c);
    EXPECT_EQ(pclose(pipe), 0) << command << "\n" << output;
    return output;
  }

  std::uint16_t port = 0;
  Loops loops{1};
  http::Server listener{
      {.address = "127.0.0.1", .port = 0},
      loops,
      http::pipeline({http::request_ids()}, [this](http::Request& request) { return server.router.handle(request); }),
      log,
      metrics};
};

TEST_F(StrangersOfPodcasts, TusJsClientUploadsOverWhateverBreaks) {
  const auto podcast = begin_podcast();
  const auto sent = json::parse(
      output_of(fmt::format("node {}/tus.mjs http://127.0.0.1:{} {} {}", installed(), port, token, podcast)));
  ASSERT_EQ(sent.as_array().size(), 4U);
  run_jobs();
  for (const auto& each : sent.as_array()) {
    const auto seen = get(text(each.at("path")).substr(std::string("/podcasts").size()), token);
    ASSERT_EQ(seen.at("status"), "finished") << seen.body;
    EXPECT_EQ(crypto::to_hex(crypto::sha256(source_of(text(seen.at("episode_id"))))), text(each.at("sha256")));
  }
  EXPECT_EQ(used("storage"), 12'000'000 + 1'200'000 + 100'000 + 900'000);
  run_jobs();
  EXPECT_EQ(objects().size(), 4U);
}

}  // namespace
}  // namespace odeon::podcasts
