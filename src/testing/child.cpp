#include "testing/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace odeon::testing {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Child::Child(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
  std::vector<std::string> words = arguments, settings;
  for (char** entry = environ; *entry; ++entry) settings.emplace_back(*entry);
  for (const auto& [key, value] : environment) settings.push_back(key + "=" + value);
  const auto argv = pointers(words), envp = pointers(settings);
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ < 0) fail("fork");
  if (process_ == 0) {
    // Only what is safe between fork and exec.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::execvpe(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
}

Child::~Child() {
  kill();
  ::close(pipe_);
}

std::string Child::wait_for_line(std::string_view text, std::chrono::seconds patience) {
  std::size_t line = 0;
  for (;;) {
    for (auto end = output_.find('\n', line); end != std::string::npos; end = output_.find('\n', line)) {
      std::string found = output_.substr(line, end - line);
      line = end + 1;
      if (found.contains(text)) return found;
    }
    pollfd readable{.fd = pipe_, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&readable, 1, static_cast<int>(std::chrono::milliseconds(patience).count()));
    if (ready == 0) throw std::runtime_error("silent: " + whereabouts() + "\n" + output_);
    char bytes[4096];
    const ssize_t count = ::read(pipe_, bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return {};
    output_.append(bytes, static_cast<std::size_t>(count));
  }
}

// What each of its threads waits for, as the kernel tells it.
std::string Child::whereabouts() const {
  std::string all;
  std::error_code gone;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/" + std::to_string(process_) + "/task", gone))
    for (const char* about : {"comm", "wchan", "syscall"}) {
      std::string line;
      std::getline(std::ifstream(thread.path() / about), line);
      all += line + (std::string_view(about) == "syscall" ? "; " : " ");
    }
  return all;
}

void Child::send(int signal) {
  if (process_ > 0) ::kill(process_, signal);
}

void Child::stop() {
  send(SIGSTOP);
}

void Child::go_on() {
  send(SIGCONT);
}

void Child::kill() {
  if (process_ < 0) return;
  send(SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
}

}  // namespace odeon::testing
