// Tokens between us and PyJWT, an implementation that shares no line with ours.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "engine/identity/jwt.hpp"
#include "engine/identity/rsa_test.hpp"
#include "testing/scratch.hpp"

namespace odeon::identity {
namespace {

constexpr std::int64_t kNowSeconds = 1'795'159'800;

json::value ask_python(const json::object& request) {
  const testing::ScratchFolder folder;
  std::ofstream(folder / "request.json") << json::write(request);
  const std::string command = fmt::format("/usr/bin/python3 {}/src/engine/identity/strangers_test.py < {} > {}",
                                          ODEON_SOURCE_DIR, folder / "request.json", folder / "answer.json");
  if (std::system(command.c_str()) != 0) throw std::runtime_error("PyJWT refused");
  std::ifstream answer(folder / "answer.json");
  return json::parse(std::string{std::istreambuf_iterator<char>(answer), {}});
}

bool stranger_passes(std::string_view token, const KeySet& keys) {
  const jwt::Expected expected{.issuer = "https://issuer.test", .audience = "authenticated"};
  try {
    jwt::check(jwt::read(token), keys, expected, Instant(std::chrono::seconds(kNowSeconds)));
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(Strangers, ReadOurTokensAndWeTheirs) {
  const std::string secret = "a secret of at least thirty-two bytes", rsa_pem = make_rsa_pem();
  const Key curve = Key::make();
  const std::map<std::string, Key> keys{
      {"HS256", Key::secret(secret)}, {"RS256", Key::from_pem(rsa_pem)}, {"ES256", curve}};
  const json::object claims{{"iss", "https://issuer.test"},
                            {"aud", "authenticated"},
                            {"sub", "ada"},
                            {"exp", kNowSeconds + 600},
                            {"name", "Zoë 🎧"}};
  std::vector<Key> all;
  json::object tokens;
  for (const auto& [name, key] : keys) {
    all.push_back(key);
    tokens[name] = jwt::write(claims, key);
  }
  const KeySet set(all);
  const auto answer =
      ask_python({{"keys", json::object{{"HS256", secret}, {"RS256", rsa_pem}, {"ES256", curve.private_pem()}}},
                  {"tokens", tokens},
                  {"jwks", json::parse(set.jwks())},
                  {"now", kNowSeconds}});

  for (const auto& [name, key] : keys) {
    auto read = answer.at("read").at(name).as_object();
    EXPECT_EQ(read.contains("by_jwk"), name != "HS256");
    read.erase("by_jwk");
    EXPECT_EQ(read, claims) << name;
  }
  EXPECT_GE(answer.at("made").as_array().size(), 27U);
  for (const auto& made : answer.at("made").as_array())
    EXPECT_EQ(stranger_passes(std::string_view(made.at("token").as_string()), set), made.at("passes").as_bool())
        << made.at("what");
}

}  // namespace
}  // namespace odeon::identity
