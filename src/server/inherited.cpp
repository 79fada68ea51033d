#include "server/inherited.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "base/error.hpp"

namespace odeon::server {
namespace {

constexpr int kFirstDescriptor = 3;

std::string take(const char* name) {
  const char* value = std::getenv(name);
  std::string taken = value == nullptr ? "" : value;
  ::unsetenv(name);
  return taken;
}

}  // namespace

std::optional<int> take_inherited_socket() {
  const std::string process = take("LISTEN_PID"), count = take("LISTEN_FDS");
  take("LISTEN_FDNAMES");
  if (process != std::to_string(::getpid())) return std::nullopt;  // for nobody, or for the parent
  if (count != "1")
    throw Error(Fault::invalid, "LISTEN_FDS", "One listening socket can be handed over, not '" + count + "'.");
  if (::fcntl(kFirstDescriptor, F_SETFD, FD_CLOEXEC) != 0)
    throw Error(Fault::invalid, "LISTEN_FDS", "LISTEN_FDS promises a socket that is not there.");
  return kFirstDescriptor;
}

}  // namespace odeon::server
