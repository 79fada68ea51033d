// Hosts that are slow, and many imports of one of them.
#include "products/podcasts/import/fetching.hpp"

#include <gmock/gmock.h>

#include "products/podcasts/import/imports_house_test.hpp"

namespace odeon::podcasts {
namespace {

TEST(FetchPlacesTest, AreFewAndHalfOfThemOfOneHost) {
  FetchPlaces places(4);
  const auto one = places.take("https://slow.example/1.mp3");
  auto two = places.take("http://SLOW.example:8080/2.mp3");
  EXPECT_NE(one, nullptr);
  EXPECT_NE(two, nullptr);
  EXPECT_EQ(places.take("https://slow.example/3.mp3"), nullptr);
  const auto other = places.take("https://other.example/"), another = places.take("not an address");
  EXPECT_NE(another, nullptr);
  EXPECT_EQ(places.take("https://third.example/"), nullptr);
  two.reset();
  EXPECT_NE(places.take("https://slow.example/3.mp3"), nullptr);
}

TEST(FetchPlacesTest, AreOneAtLeast) {
  FetchPlaces places(0);
  const auto one = places.take("https://example.com/");
  EXPECT_NE(one, nullptr);
  EXPECT_EQ(places.take("https://example.org/"), nullptr);
}

// A second goes by with each of its pieces.
class DrippingSource final : public ByteSource {
 public:
  DrippingSource(testing::FakeClock& clock, std::size_t at_once, int pieces)
      : clock_(clock), at_once_(at_once), left_(pieces) {}
  Task<std::size_t> read(std::span<char> into) override {
    clock_.advance(std::chrono::seconds(1));
    co_return left_-- > 0 ? std::min(at_once_, into.size()) : 0;
  }

 private:
  testing::FakeClock& clock_;
  const std::size_t at_once_;
  int left_;
};

std::size_t all_that_comes(std::size_t at_once, int seconds) {
  testing::FakeClock clock;
  DrippingSource source(clock, at_once, seconds);
  HurriedSource hurried(source, clock);
  return run_task(read_all(hurried, 1 << 30)).size();
}

TEST(HurriedSourceTest, GivesUpWhatComesTooSlowly) {
  EXPECT_EQ(all_that_comes(100, 50), 5'000U) << "it has just begun";
  EXPECT_GT(all_that_comes(16'000, 60), 900'000U);
  try {
    all_that_comes(16'000, 600);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault, Fault::timeout);
  }
}

struct FetchingTest : ImportsHouse {};

TEST_F(FetchingTest, WhatFindsNoPlaceComesAgain) {
  const auto sound = mp3();
  host.put("/feed", feed_of(item_of("1", host.url("/1.mp3"))));
  host.put("/1.mp3", sound);
  auto one = places.take(host.url("/a")), two = places.take(host.url("/b"));
  const auto begun = import();
  work_until(begun, [](const jobs::Progress& now) {
    return now.state == jobs::State::completed || now.state == jobs::State::scheduled;
  });
  EXPECT_EQ(state_of(begun).at("status"), "fetching");
  EXPECT_EQ(state_of(begun).at("percent"), 0);
  EXPECT_EQ(host.asked("/1.mp3"), 0);
  clock.advance(kPlaceAwaited + std::chrono::seconds(1));
  one.reset();
  run_jobs();
  run_jobs();
  EXPECT_EQ(state_of(begun).at("taken"), 1) << state_of(begun).body;
  EXPECT_EQ(state_of(begun).at("status"), "finished");
}

}  // namespace
}  // namespace odeon::podcasts
