// Apple's official library: what it takes and refuses beside what we do, and what it asks beside what we ask.
#include <gtest/gtest.h>

#include <fstream>

#include "engine/billing/app_store_server_test.hpp"
#include "testing/clock.hpp"
#include "testing/scratch.hpp"

namespace odeon::billing {
namespace {

using json::array;
using json::object;
using std::chrono::days;

struct AppStoreClient : ::testing::Test {
  static void SetUpTestSuite() {
    ASSERT_EQ(std::system((ODEON_SOURCE_DIR "/scripts/npm-install " ODEON_SOURCE_DIR "/src/engine/billing/clients " +
                           installed())
                              .c_str()),
              0);
  }
  static std::string installed() { return ODEON_BUILD_DIR "/npm/billing"; }

  json::value library(const std::string& action, const json::value& request) {
    std::ofstream(folder / "request.json") << json::write(request);
    const std::string command = fmt::format("node {}/app_store.mjs {} < {} > {}", installed(), action,
                                            folder / "request.json", folder / "answer.json");
    if (std::system(command.c_str()) != 0) throw std::runtime_error("the library refused");
    std::ifstream answer(folder / "answer.json");
    return json::parse(std::string{std::istreambuf_iterator<char>(answer), {}});
  }
  // What we read of it, or why not.
  json::value ours(const AppleChain& roots, const std::string& kind, const std::string& jws,
                   const std::string& bundle = "com.example.app") {
    auto options = server.options();
    options.roots = AppleRoots(roots.root_pem);
    options.bundle_id = bundle;
    options.sandbox_url.clear();
    AppStore store(client, clock, options);
    try {
      if (kind == "transaction") return json::value(run_task(store.read_receipt(jws)).contract);
      if (kind == "renewal") return options.roots.read(jws);
      return json::value(run_task(store.read_webhook(json::write(object{{"signedPayload", jws}}), {})).id);
    } catch (const Error& error) {
      return json::value(error.code + ": " + error.detail);
    }
  }

  testing::ScratchFolder folder;
  testing::FakeClock clock;
  AppStoreServer server{clock};
  http::Client client{http::ClientOptions{}};
};

TEST_F(AppStoreClient, TakesAndRefusesWhatWeDo) {
  const std::string id = server.buy("app.pro.monthly", "0192f0c0-0000-7000-8000-00000000000a");
  const auto notification = server.notification("DID_RENEW", id);
  const std::string receipt = server.receipt(id);
  const auto transaction = read_jws(receipt)->payload;
  const AppleChain& apple = server.chain();
  const AppleChain stranger(clock.now());

  struct Case {
    std::string what;
    std::string kind;
    std::string jws;
    const AppleChain* root;
    bool good = false;
  };
  std::vector<Case> cases{{"a transaction", "transaction", receipt, &apple, true},
                          {"a notification", "notification", apple.sign(notification), &apple, true},
                          {"another root", "transaction", receipt, &stranger},
                          {"a stranger's", "transaction", stranger.sign(transaction), &apple},
                          {"two certificates", "transaction", apple.sign(transaction, 2), &apple},
                          {"four certificates", "transaction", apple.sign(transaction, 4), &apple},
                          {"no algorithm", "transaction", apple.sign(transaction, 3, "none"), &apple},
                          {"another algorithm", "transaction", apple.sign(transaction, 3, "RS256"), &apple}};
  auto unlike = [&](const char* member, const json::value& value) {
    auto changed = transaction;
    changed[member] = value;
    return apple.sign(changed);
  };
  cases.push_back({"another app", "transaction", unlike("bundleId", "com.example.other"), &apple});
  cases.push_back({"the sandbox", "transaction", unlike("environment", "Sandbox"), &apple});
  std::string tampered = receipt;
  tampered[tampered.find('.') + 30] ^= 1;
  cases.push_back({"tampered", "transaction", tampered, &apple});
  for (const auto& [member, value] : std::vector<std::pair<const char*, json::value>>{
           {"bundleId", "com.example.other"}, {"appAppleId", 4321}, {"environment", "Sandbox"}}) {
    auto changed = notification;
    changed["data"].as_object()[member] = value;
    cases.push_back({member, "notification", apple.sign(changed), &apple});
  }
  std::vector<std::unique_ptr<AppleChain>> kept;
  for (const auto& [what, order] :
       std::vector<std::pair<std::string, ChainOrder>>{{"a leaf for something else", {.leaf_oid = nullptr}},
                                                       {"an authority for something else", {.authority_oid = nullptr}},
                                                       {"no authority", {.is_authority = false}},
                                                       {"a leaf that was over", {.leaf_ends = days(-1)}},
                                                       {"a leaf that has not begun", {.leaf_begins = days(1)}}}) {
    kept.push_back(std::make_unique<AppleChain>(clock.now(), order));
    cases.push_back({what, "transaction", kept.back()->sign(transaction), kept.back().get()});
  }

  array request;
  for (const auto& each : cases)
    request.push_back(object{{"jws", each.jws}, {"kind", each.kind}, {"root", each.root->x5c[2]}});
  const auto theirs = library("verify", request);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& each = cases[i];
    EXPECT_EQ(theirs.at(i).is_object(), each.good) << each.what << ": " << json::write(theirs.at(i));
    const std::string mine(ours(*each.root, each.kind, each.jws).as_string());
    EXPECT_EQ(mine.find(':') == std::string::npos, each.good) << each.what << ": " << mine;
  }
  EXPECT_EQ(theirs.at(0), transaction);
  EXPECT_EQ(theirs.at(1), notification);
}

// With Apple's own certificates all is well up to the signature, which only Apple can make.
TEST_F(AppStoreClient, ApplesOwnCertificatesLeadToOurRoot) {
  const auto certificates = library("certificates", object{});
  auto refusal = [&](std::int64_t signed_at) -> std::string {
    const object header{{"alg", "ES256"}, {"x5c", certificates}};
    try {
      AppleRoots::standard().read(server.chain().sign_with(header, {{"signedDate", signed_at}}));
    } catch (const Error& error) {
      return error.detail;
    }
    return "";
  };
  EXPECT_EQ(refusal(1'761'962'975'000), "another signature");
  EXPECT_EQ(refusal(1'661'962'975'000), "certificates of somebody else") << "before the leaf began";
  EXPECT_EQ(crypto::sha256_hex(crypto::from_base64(certificates.at(2).as_string()).value()),
            "63343abfb89a6a03ebb57e9b3f5fa7be7c4f5c756f3017b3a8c488c3653e9179");
}

TEST_F(AppStoreClient, UnderstandsTheStandInAndAsksAsWeDo) {
  const SystemClock today;  // the library knows no other
  AppStoreServer server(today);
  const std::string id = server.buy("app.pro.monthly");
  auto options = server.options();
  const auto answer = library("walk", object{{"url", options.base_url},
                                             {"key", options.key.private_pem()},
                                             {"subscription", id},
                                             {"transaction", server.transaction_of(id)}});
  EXPECT_EQ(answer.at("environment"), "Production");
  EXPECT_EQ(answer.at("status"), 1);
  EXPECT_EQ(answer.at("missing"), 4040010);
  array request;
  for (const auto& [kind, i] : {std::pair{"transaction", 0U}, {"renewal", 1U}, {"transaction", 2U}})
    request.push_back(object{{"jws", answer.at("signed").at(i)}, {"kind", kind}, {"root", server.chain().x5c[2]}});
  const auto read = library("verify", request);
  for (const auto& each : read.as_array()) EXPECT_EQ(each.at("originalTransactionId"), id.c_str()) << json::write(each);

  const auto theirs = server.asked();
  AppStore store(client, today, std::move(options));
  run_task(store.fetch(id));
  run_task(store.fetch_invoice(server.transaction_of(id)));
  const auto all = server.asked();
  EXPECT_EQ(all.at(theirs.size()), theirs.at(0));
  EXPECT_EQ(all.at(theirs.size() + 1), theirs.at(1));
}

}  // namespace
}  // namespace odeon::billing
