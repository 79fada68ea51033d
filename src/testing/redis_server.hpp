// A Redis of a test's own, from Debian's package, in a scratch folder on a free port of this machine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "testing/child.hpp"
#include "testing/scratch.hpp"

namespace odeon::testing {

class RedisServer {
 public:
  // `settings` as on its command line: {"--requirepass", "secret"}. Ready when this returns.
  explicit RedisServer(std::vector<std::string> settings = {});

  std::uint16_t port() const { return port_; }
  std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }

  void kill();     // at once, without a word to anybody
  void restart();  // on the same port, with nothing in it; ready when this returns
  void stop() { child_->stop(); }
  void go_on() { child_->go_on(); }
  // Runs redis-cli and gives what it prints.
  std::string cli(std::vector<std::string> arguments);

 private:
  bool start();

  ScratchFolder folder_;
  std::vector<std::string> settings_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Child> child_;
};

// A port of this machine that nobody listens on now, and that the system hands to nobody else.
std::uint16_t free_port();

}  // namespace odeon::testing
