#include "engine/ai/providers/subprocess.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "base/error.hpp"

namespace odeon::ai {
namespace {

using namespace std::chrono_literals;

std::string code_of(const Subprocess& wanted, std::stop_token stop = {}) {
  try {
    run_subprocess(wanted, stop);
  } catch (const Error& error) {
    return error.code;
  } catch (const std::exception&) {
    return "stopped";
  }
  return "ended well";
}

TEST(Subprocess, PassesBytesThrough) {
  EXPECT_EQ(run_subprocess({.command = {"cat"}, .input = "hello"}, {}), "hello");
  EXPECT_EQ(run_subprocess({.command = {"cat"}, .input = ""}, {}), "");
}

TEST(Subprocess, WritesAndReadsAtOnce) {
  const std::string much(4 << 20, 'x');
  EXPECT_EQ(run_subprocess({.command = {"cat"}, .input = much}, {}), much);
}

TEST(Subprocess, DoesNotMindAProgramThatDoesNotListen) {
  const std::string much(4 << 20, 'x');
  EXPECT_EQ(run_subprocess({.command = {"echo", "deaf"}, .input = much}, {}), "deaf\n");
}

TEST(Subprocess, UsesNoShell) {
  EXPECT_EQ(run_subprocess({.command = {"echo", "$HOME; `id`"}}, {}), "$HOME; `id`\n");
}

TEST(Subprocess, KeepsOurEnvironmentToItself) {
  ::setenv("ODEON_TEST_SECRET", "sk-123", 1);
  const std::string environment = run_subprocess({.command = {"env"}}, {});
  ::unsetenv("ODEON_TEST_SECRET");
  EXPECT_TRUE(environment.contains("PATH="));
  EXPECT_FALSE(environment.contains("sk-123"));
}

TEST(Subprocess, SaysHowAProgramFailed) {
  EXPECT_EQ(code_of({.command = {"false"}}), "HELPER_FAILED");
  EXPECT_EQ(code_of({.command = {"no-such-program-here"}}), "HELPER_UNAVAILABLE");
  EXPECT_EQ(code_of({.command = {"yes"}, .max_output = 1000}), "HELPER_OUTPUT");
}

TEST(Subprocess, KillsWhatTakesTooLong) {
  EXPECT_EQ(code_of({.command = {"sleep", "3600"}, .limit = 20ms}), "HELPER_TIMEOUT");
  // One that closes its output and lives on is no different.
  EXPECT_EQ(code_of({.command = {"sh", "-c", "exec >&-; sleep 3600"}, .limit = 50ms}), "HELPER_TIMEOUT");
}

TEST(Subprocess, KillsWhatIsNoLongerWanted) {
  std::stop_source stop;
  std::jthread other([&] { stop.request_stop(); });
  EXPECT_EQ(code_of({.command = {"sleep", "3600"}}, stop.get_token()), "stopped");
}

}  // namespace
}  // namespace odeon::ai
