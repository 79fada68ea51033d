#include "base/config.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "testing/scratch.hpp"

namespace odeon {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::UnorderedElementsAre;

Config::Environment environment(std::map<std::string, std::string> values) {
  return [values](const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

Config config(std::string_view toml, std::map<std::string, std::string> values = {}) {
  return Config(toml, "odeon.toml", environment(std::move(values)));
}

constexpr std::string_view kFile = R"(name = "Odeon"
[server]
port = 8080
open = true
hosts = ["a", "b"]
)";

TEST(Config, reads_values_of_the_file) {
  auto values = config(kFile);
  EXPECT_EQ(values.text("name", "ODEON_NAME", "?"), "Odeon");
  EXPECT_EQ(values.integer("server.port", "ODEON_PORT", 1, 0, 65535), 8080);
  EXPECT_TRUE(values.flag("server.open", "", false));
  EXPECT_THAT(values.list("server.hosts", "", {}), ElementsAre("a", "b"));
  EXPECT_THAT(values.faults(), IsEmpty());
}

TEST(Config, the_environment_overrides_the_file) {
  auto values = config(kFile, {{"ODEON_NAME", "Lyceum"}, {"PORT", "9"}, {"OPEN", "0"}, {"HOSTS", " c , d ,"}});
  EXPECT_EQ(values.text("name", "ODEON_NAME", "?"), "Lyceum");
  EXPECT_EQ(values.integer("server.port", "PORT", 1, 0, 65535), 9);
  EXPECT_FALSE(values.flag("server.open", "OPEN", true));
  EXPECT_THAT(values.list("server.hosts", "HOSTS", {}), ElementsAre("c", "d"));
  EXPECT_THAT(values.faults(), IsEmpty());
}

TEST(Config, what_is_nowhere_has_its_fallback) {
  auto values = config("", {{"EMPTY", ""}});
  EXPECT_EQ(values.text("name", "EMPTY", "fallback"), "fallback");
  EXPECT_EQ(values.optional_text("name", ""), std::nullopt);
  EXPECT_EQ(values.integer("server.port", "EMPTY", 7, 0, 9), 7);
  EXPECT_TRUE(values.flag("server.open", "EMPTY", true));
  EXPECT_THAT(values.list("server.hosts", "EMPTY", {"x"}), ElementsAre("x"));
  EXPECT_THAT(values.faults(), IsEmpty());
}

TEST(Config, tells_every_fault_with_key_and_line) {
  auto values = config(R"(name = 7
[server]
port = 70000
open = "yes"
hosts = ["a", 1]
prot = 1
)");
  values.text("name", "", "");
  EXPECT_EQ(values.integer("server.port", "", 1, 0, 65535), 1);
  EXPECT_TRUE(values.flag("server.open", "", true));
  values.list("server.hosts", "", {});
  EXPECT_THAT(values.faults(), UnorderedElementsAre("odeon.toml:1: name: must be text in quotes",
                                                    "odeon.toml:3: server.port: must be a whole number from 0 to 65535",
                                                    "odeon.toml:4: server.open: must be true or false",
                                                    "odeon.toml:5: server.hosts: must be text in quotes",
                                                    "odeon.toml:6: server.prot: no such setting"));
}

TEST(Config, tells_faults_of_the_environment_by_variable) {
  auto values = config(kFile, {{"PORT", "80x"}, {"OPEN", "maybe"}});
  values.integer("server.port", "PORT", 1, 0, 65535);
  values.flag("server.open", "OPEN", true);
  values.text("name", "", "");
  values.list("server.hosts", "", {});
  EXPECT_THAT(values.faults(), ElementsAre("PORT (environment): must be a whole number from 0 to 65535",
                                           "OPEN (environment): must be true or false"));
}

TEST(Config, a_caller_rejects_where_the_value_came_from) {
  auto values = config(kFile, {{"HOSTS", "x"}});
  values.text("name", "NAME", "");
  values.reject("name", "NAME", "must be short");
  values.reject("server.hosts", "HOSTS", "must be known");
  values.reject("missing", "MISSING", "must be there");
  EXPECT_THAT(values.faults(),
              ::testing::IsSupersetOf({"odeon.toml:1: name: must be short", "HOSTS (environment): must be known",
                                       "missing: must be there"}));
}

TEST(Config, a_file_that_is_not_toml_says_where) {
  try {
    config("a = 1\nb = \n");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.message, AllOf(HasSubstr("odeon.toml"), HasSubstr("2")));
  }
}

RC_GTEST_PROP(Config, any_number_is_read_or_a_fault, (std::int64_t number)) {
  for (const bool from_file : {true, false}) {
    const std::string text = std::to_string(number);
    auto values = from_file ? config("n = " + text) : config("", {{"N", text}});
    const bool fits = number >= -1000 && number <= 1000;
    RC_ASSERT(values.integer("n", "N", 5, -1000, 1000) == (fits ? number : 5));
    RC_ASSERT(values.faults().empty() == fits);
  }
}

TEST(Config, reads_dotenv_beneath_the_environment) {
  const testing::ScratchFolder scratch;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(scratch.path());
  std::ofstream(".env") << "# comment\nODEON_TEST_A = plain \nODEON_TEST_B=\"quoted \"\nODEON_TEST_C='x=y'\nnonsense\n"
                           "ODEON_TEST_D=file\n";
  ::setenv("ODEON_TEST_D", "process", 1);
  const auto with = Config::process_environment(true), without = Config::process_environment(false);
  std::filesystem::current_path(before);
  EXPECT_THAT(with("ODEON_TEST_A"), Optional(std::string("plain")));
  EXPECT_THAT(with("ODEON_TEST_B"), Optional(std::string("quoted ")));
  EXPECT_THAT(with("ODEON_TEST_C"), Optional(std::string("x=y")));
  EXPECT_THAT(with("ODEON_TEST_D"), Optional(std::string("process")));
  EXPECT_EQ(with("ODEON_TEST_E"), std::nullopt);
  EXPECT_EQ(without("ODEON_TEST_A"), std::nullopt);
  ::unsetenv("ODEON_TEST_D");
}

}  // namespace
}  // namespace odeon
