#include "engine/notify/signatures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "testing/child.hpp"
#include "testing/scratch.hpp"

namespace odeon::notify {
namespace {

using namespace std::chrono_literals;

struct Case {
  std::string secret, id, timestamp, signature, body;
  bool good = true;
};
BOOST_DESCRIBE_STRUCT(Case, (), (secret, id, timestamp, signature, body, good))

// What a receiver may get, right and wrong, and whether it is to be taken.
Case any_case(const Clock& clock) {
  const std::string ours = new_webhook_secret(), other = new_webhook_secret();
  const auto kind = *rc::gen::inRange(0, 8);
  Instant when = clock.now() + std::chrono::seconds(*rc::gen::inRange(-200, 200));
  if (kind == 1) when -= 15min;
  if (kind == 2) when += 15min;
  Case one{.secret = ours, .id = new_id("evt", clock)};
  one.body = json::write(json::object{{"type", *rc::gen::element<std::string>("a.b", "ä", "\n", "\"")},
                                      {"data", *rc::gen::arbitrary<int>()}});
  // While a secret is rolled, both sign, and either is enough.
  std::vector<std::string> secrets{ours};
  if (kind == 3) secrets = {other};
  if (kind == 4) secrets = {other, ours};
  auto [timestamp, signature] = sign_webhook(one.id, when, one.body, secrets);
  one.timestamp = timestamp;
  one.signature = signature;
  if (kind == 5) one.body += ' ';
  if (kind == 6) one.id += '1';
  if (kind == 7) one.timestamp = std::to_string(std::stoll(timestamp) + 1);
  one.good = kind == 0 || kind == 4;
  return one;
}

TEST(WebhookSignatures, AreVerifiedByTheStandardsOwnLibrary) {
  const std::string installed = ODEON_BUILD_DIR "/npm/notify";
  testing::Child install(
      {ODEON_SOURCE_DIR "/scripts/npm-install", ODEON_SOURCE_DIR "/src/engine/notify/strangers", installed});
  install.wait_for_line("\r\r");  // to its end
  const testing::ScratchFolder folder;
  const SystemClock clock;  // which the library goes by
  std::ofstream list(folder / "list");
  int count = 0;
  EXPECT_TRUE(rc::check([&] {
    list << json::write(any_case(clock)) << '\n';
    ++count;
  }));
  list.close();
  testing::Child node({"node", installed + "/webhooks.mjs", folder / "list"});
  node.wait_for_line("\r\r");
  EXPECT_EQ(node.output(), fmt::format("verified {} webhooks\n", count)) << install.output();
}

TEST(WebhookSignatures, NeedASecret) {
  EXPECT_NE(new_webhook_secret(), new_webhook_secret());
  for (const char* bad : {"", "whsec_", "whsec_***", "c2VjcmV0"})
    EXPECT_THROW(sign_webhook("evt_1", Instant(), "{}", {bad}), std::logic_error) << bad;
}

}  // namespace
}  // namespace odeon::notify
