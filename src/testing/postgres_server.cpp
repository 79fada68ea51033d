#include "testing/postgres_server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

namespace odeon::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr auto kPatience = 60s;

std::runtime_error failure(const std::string& what) {
  return std::runtime_error("PostgreSQL for tests: " + what);
}

// The server refuses to run as root.
const passwd* other_user() {
  if (::geteuid() != 0) return nullptr;
  const passwd* user = ::getpwnam("postgres");
  if (user == nullptr) throw failure("there is no user 'postgres'");
  return user;
}

// The child dies with this thread: the wish is made after the user has changed, which would forget it.
pid_t start_program(const std::vector<std::string>& command, const std::string& log) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const passwd* user = other_user();
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (user != nullptr && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0))
    ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (::getppid() != parent) ::_exit(126);
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file < 0 || ::dup2(file, 1) < 0 || ::dup2(file, 2) < 0 || ::chdir("/") != 0) ::_exit(126);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execv(words[0], words.data());
  ::_exit(127);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
Connection connect(const std::string& url) {
  return {PQconnectdb(url.c_str()), &PQfinish};
}

}  // namespace

PostgresServer::PostgresServer() {
  if (const passwd* user = other_user(); user != nullptr && ::chown(folder_.path().c_str(), user->pw_uid, -1) != 0)
    throw failure("cannot hand over the scratch folder");
  const pid_t child = start_program({std::string(kPrograms) + "initdb", "-D", folder_ / "data", "-U", "odeon", "-A",
                                     "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"},
                                    folder_ / "initdb.log");
  int status = 0;
  if (::waitpid(child, &status, 0) != child || status != 0) throw failure(read_file(folder_ / "initdb.log"));
  std::ofstream(folder_ / "data/postgresql.conf", std::ios::app)
      << "listen_addresses = ''\n"
      << "unix_socket_directories = '" << folder_.path().string() << "'\n"
      << "max_connections = 200\n"
      << "fsync = off\n"  // what is killed here are processes, never the machine
      << "full_page_writes = off\n"
      << "log_min_messages = fatal\n";
  start();
}

PostgresServer::~PostgresServer() {
  if (postmaster_ <= 0) return;
  ::kill(postmaster_, SIGQUIT);
  ::waitpid(postmaster_, nullptr, 0);
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

std::string PostgresServer::url(const std::string& database) const {
  return fmt::format("postgresql:///{}?host={}&user=odeon", database, folder_.path().string());
}

void PostgresServer::start() {
  postmaster_ = start_program({std::string(kPrograms) + "postgres", "-D", folder_ / "data"}, folder_ / "server.log");
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (PQping(url("postgres").c_str()) != PQPING_OK) {
    if (::waitpid(postmaster_, nullptr, WNOHANG) == postmaster_ || std::chrono::steady_clock::now() > deadline)
      throw failure(read_file(folder_ / "server.log"));
    std::this_thread::sleep_for(10ms);  // another process has no way to tell
  }
}

void PostgresServer::kill() {
  const auto processes = read_file(fmt::format("/proc/{0}/task/{0}/children", postmaster_));
  ::kill(postmaster_, SIGKILL);
  std::istringstream numbers(processes);
  std::vector<pid_t> backends{std::istream_iterator<pid_t>(numbers), {}};
  for (const pid_t backend : backends) ::kill(backend, SIGKILL);
  ::waitpid(postmaster_, nullptr, 0);
  postmaster_ = 0;
  // What still holds the shared memory keeps the next one from starting.
  for (const pid_t backend : backends)
    while (::kill(backend, 0) == 0) std::this_thread::sleep_for(1ms);
}

std::string PostgresServer::fresh_database() {
  const auto name = fmt::format("test_{}", ++databases_);
  const auto connection = connect(url("postgres"));
  PGresult* result = PQexec(connection.get(), fmt::format("CREATE DATABASE {} TEMPLATE template0", name).c_str());
  const bool made = PQresultStatus(result) == PGRES_COMMAND_OK;
  PQclear(result);
  if (!made) throw failure(PQerrorMessage(connection.get()));
  return url(name);
}

}  // namespace odeon::testing
