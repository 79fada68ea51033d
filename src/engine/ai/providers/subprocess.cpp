#include "engine/ai/providers/subprocess.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "base/error.hpp"

// glibc 2.36 forgot this in the header itself.
extern "C" {
#include <sys/syscall.h>
}

namespace odeon::ai {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

[[noreturn]] void give_up(const char* what) {
  throw Error(Fault::unavailable, "HELPER_UNAVAILABLE", "A helper program could not be run.")
      .with_detail(std::string(what) + ": " + std::error_code(errno, std::generic_category()).message());
}

class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor() { close(); }
  int get() const { return value_; }
  void close() {
    if (value_ >= 0) ::close(std::exchange(value_, -1));
  }

 private:
  int value_;
};

// A socket rather than a pipe, because only a socket can be written without risking SIGPIPE.
std::pair<Descriptor, Descriptor> connected() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) give_up("socketpair");
  std::pair<Descriptor, Descriptor> pair{Descriptor(ends[0]), Descriptor(ends[1])};
  if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) give_up("fcntl");
  return pair;
}

class Child {
 public:
  Child(const std::vector<std::string>& command, int input, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    sigset_t none, defaults;
    ::sigemptyset(&none);
    ::sigemptyset(&defaults);
    ::sigaddset(&defaults, SIGPIPE);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    std::vector<char*> arguments;
    for (const auto& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
    arguments.push_back(nullptr);
    char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", locale[] = "LC_ALL=C.UTF-8", home[] = "HOME=/nonexistent";
    char* environment[] = {path, locale, home, nullptr};
    const int fault = ::posix_spawnp(&pid_, arguments[0], &actions, &attributes, arguments.data(), environment);
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (fault != 0) {
      pid_ = -1;
      errno = fault;
      give_up("spawn");
    }
    ended_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    if (ended_.get() < 0) {
      const int why = errno;
      ::kill(-pid_, SIGKILL);
      wait();
      errno = why;
      give_up("pidfd_open");
    }
  }
  Child(const Child&) = delete;
  ~Child() {
    if (pid_ < 0) return;
    ::kill(-pid_, SIGKILL);
    wait();
  }
  // Readable once it has ended.
  int ended() const { return ended_.get(); }
  // Its exit status, or −1 if a signal ended it.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  Descriptor ended_;
};

// Sends what the socket takes; closes it when all is sent, or when the child no longer listens.
void feed(Descriptor& socket, std::string_view& input) {
  while (!input.empty()) {
    const ssize_t sent = ::send(socket.get(), input.data(), input.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (sent < 0) break;
    input.remove_prefix(static_cast<std::size_t>(sent));
  }
  socket.close();
}

// False at the end of the output.
bool drain(const Descriptor& socket, std::string& output, std::size_t limit) {
  char buffer[64 * 1024];
  for (;;) {
    const ssize_t got = ::read(socket.get(), buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    if (got <= 0) return false;
    output.append(buffer, static_cast<std::size_t>(got));
    if (output.size() > limit) throw Error(Fault::too_large, "HELPER_OUTPUT", "A helper program wrote too much.");
  }
}

int milliseconds_left(SteadyTime until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  if (left.count() <= 0) throw Error(Fault::timeout, "HELPER_TIMEOUT", "A helper program took too long.");
  return static_cast<int>(std::min<std::int64_t>(left.count(), 60'000));
}

}  // namespace

std::string run_subprocess(const Subprocess& wanted, std::stop_token stop) {
  const SteadyTime until = std::chrono::steady_clock::now() + wanted.limit;
  Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (wake.get() < 0) give_up("eventfd");
  std::stop_callback on_stop(stop, [&wake] {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t told = ::write(wake.get(), &one, sizeof(one));
  });
  auto [ours_in, its_in] = connected();
  auto [ours_out, its_out] = connected();
  Child child(wanted.command, its_in.get(), its_out.get());
  its_in.close();
  its_out.close();

  std::string output;
  std::string_view input = wanted.input;
  for (bool open = true, running = true; open || running;) {
    // A negative descriptor is one that poll passes over.
    pollfd waits[] = {{wake.get(), POLLIN, 0},
                      {ours_in.get(), POLLOUT, 0},
                      {open ? ours_out.get() : -1, POLLIN, 0},
                      {running ? child.ended() : -1, POLLIN, 0}};
    const int ready = ::poll(waits, std::size(waits), milliseconds_left(until));
    if (ready < 0 && errno != EINTR) give_up("poll");
    if (stop.stop_requested()) throw boost::system::system_error(boost::asio::error::operation_aborted);
    if (ready <= 0) continue;
    if (waits[1].revents != 0) feed(ours_in, input);
    if (waits[2].revents != 0) open = drain(ours_out, output, wanted.max_output);
    if (waits[3].revents != 0) running = false;
  }
  if (const int status = child.wait(); status != 0)
    throw Error(Fault::upstream, "HELPER_FAILED", "A helper program failed.")
        .with_detail("status " + std::to_string(status));
  return output;
}

}  // namespace odeon::ai
