// Clients of the gateway benchmark that ask for chat completions, over bare sockets.
//   streams_bench first|frames|open|leave|failover PORT PATH HEADERS KEYS COUNT [UPSTREAM_PORT]
// HEADERS are lines of a request's head, each with its end; KEYS is a file of bearer tokens that take turns.
//   first   one stream after the other, COUNT in all: microseconds until the first word, p50 and p99
//   frames  COUNT streams at a time for some seconds: frames a second
//   open    COUNT streams that have begun and do not go on: says "open", and lets them go when its input ends
//   leave   leaves COUNT streams in the middle: milliseconds until their provider, at UPSTREAM_PORT, has seen it,
//           p50 and p99; "inf" if it is not told at all
//   failover  asks COUNT questions that the first provider fails: milliseconds until the second one is asked, as they
//           saw it at UPSTREAM_PORT, p50 and p99
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

constexpr std::string_view kWord = "\" word\"", kEnd = "\r\n0\r\n\r\n";
constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * kSecond + time.tv_nsec;
}

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "streams: %s\n", why.c_str());
  std::exit(1);
}

class Asker {
 public:
  Asker(std::uint16_t port, std::string path, std::string headers, const char* keys)
      : port_(port), path_(std::move(path)), headers_(std::move(headers)) {
    std::ifstream file(keys);
    for (std::string key; std::getline(file, key);) keys_.push_back(key);
    if (keys_.empty()) fail("no keys");
  }

  static int connect_to(std::uint16_t port) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("cannot connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
  }
  int connect() const { return connect_to(port_); }

  void ask(int fd, int frames, std::int64_t pause) {
    say(fd, "true", "frames=" + std::to_string(frames) + " pause=" + std::to_string(pause));
  }
  void ask_whole(int fd, const std::string& words) { say(fd, "false", words); }

 private:
  void say(int fd, const std::string& streamed, const std::string& words) {
    const std::string body = R"({"model":"gpt-4o-mini","max_tokens":100,"stream":)" + streamed +
                             R"(,"messages":[{"role":"user","content":")" + words + R"("}]})";
    const std::string request = "POST " + path_ + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
                                keys_[next_++ % keys_.size()] + "\r\n" + headers_ +
                                "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                                "\r\n\r\n" + body;
    if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) != std::ssize(request)) fail("cannot ask");
  }

  const std::uint16_t port_;
  const std::string path_, headers_;
  std::vector<std::string> keys_;
  std::size_t next_ = 0;
};

// Blocks. Appends to `bytes` until it contains `wanted`.
void read_until(int fd, std::string& bytes, std::string_view wanted) {
  while (!bytes.contains(wanted)) {
    char more[16'384];
    const auto count = read(fd, more, sizeof more);
    if (count <= 0) fail("a stream ended early: " + bytes.substr(0, 500));
    bytes.append(more, static_cast<std::size_t>(count));
  }
}

void print_shares(std::vector<std::int64_t> all, double unit) {
  std::ranges::sort(all);
  const auto at = [&](double share) {
    return static_cast<double>(all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))]) / unit;
  };
  std::printf("%.3f %.3f\n", at(0.5), at(0.99));
}

void first(Asker& asker, int count) {
  std::vector<std::int64_t> took;
  const int fd = asker.connect();
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    bytes.clear();
    const auto begin = now();
    asker.ask(fd, 3, 0);
    read_until(fd, bytes, kWord);
    took.push_back(now() - begin);
    read_until(fd, bytes, kEnd);
  }
  print_shares(std::move(took), 1'000);
}

std::size_t count_in(std::string_view bytes, std::string_view wanted) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = bytes.find(wanted, at)) != std::string_view::npos; at += wanted.size()) ++count;
  return count;
}

// Each connection asks again as soon as its stream has ended.
void frames(Asker& asker, int count) {
  constexpr int kFrames = 2'000;
  constexpr std::int64_t kWarm = kSecond / 2, kTime = 3 * kSecond;
  const int poll = epoll_create1(0);
  std::unordered_map<int, std::string> tails;
  for (int i = 0; i < count; ++i) {
    const int fd = asker.connect();
    asker.ask(fd, kFrames, 0);
    tails[fd];
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
  }
  const auto begin = now() + kWarm, end = begin + kTime;
  std::size_t seen = 0;
  char bytes[64 << 10];
  while (now() < end) {
    epoll_event events[64];
    const int ready = epoll_wait(poll, events, 64, 1'000);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[i].data.fd;
      const auto size = read(fd, bytes, sizeof bytes);
      if (size <= 0) fail("a stream ended early");
      // What was cut between two reads is counted with the second.
      std::string& tail = tails[fd];
      tail.append(bytes, static_cast<std::size_t>(size));
      if (now() >= begin) seen += count_in(tail, kWord);
      if (tail.ends_with(kEnd)) asker.ask(fd, kFrames, 0);
      tail.erase(0, tail.size() - std::min(tail.size(), kWord.size() - 1));
    }
  }
  std::printf("%.0f\n", static_cast<double>(seen) / (static_cast<double>(kTime) / kSecond));
}

void open(Asker& asker, int count) {
  constexpr std::int64_t kForEver = 3'600'000'000;  // microseconds
  constexpr int kAtOnce = 64;
  std::vector<int> all;
  std::string bytes;
  while (std::ssize(all) < count) {
    const auto begin = all.size();
    for (int i = 0; i < kAtOnce && std::ssize(all) < count; ++i) {
      all.push_back(asker.connect());
      asker.ask(all.back(), 2, kForEver);
    }
    for (auto i = begin; i < all.size(); ++i) {
      bytes.clear();
      read_until(all[i], bytes, kWord);
    }
  }
  std::puts("open");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

// What the provider counts.
std::int64_t number_at(int provider, const std::string& path) {
  const std::string question = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  if (send(provider, question.data(), question.size(), MSG_NOSIGNAL) != std::ssize(question)) fail("no provider");
  std::string answer;
  read_until(provider, answer, "\r\n\r\n");
  const auto at = answer.find("\r\n\r\n") + 4;
  std::int64_t number = 0;
  std::from_chars(answer.data() + at, answer.data() + answer.size(), number);
  return number;
}

void leave(Asker& asker, int count, std::uint16_t upstream) {
  constexpr std::int64_t kPatience = 5 * kSecond;
  std::vector<std::int64_t> took;
  const int provider = Asker::connect_to(upstream);
  for (int i = 0; i < count; ++i) {
    const int fd = asker.connect();
    asker.ask(fd, 2, 60'000'000);
    std::string bytes;
    read_until(fd, bytes, kWord);
    const auto left = now();
    close(fd);
    for (std::int64_t gone = 0; gone < left;) {
      if (now() > left + kPatience) {
        std::puts("inf inf");
        return;
      }
      usleep(200);
      gone = number_at(provider, "/gone");
      if (gone >= left) took.push_back(gone - left);
    }
  }
  print_shares(std::move(took), 1e6);
}

// Between two failures all is well, so that the circuit stays closed.
void failover(Asker& asker, int count, std::uint16_t upstream) {
  const int fd = asker.connect(), provider = Asker::connect_to(upstream);
  std::vector<std::int64_t> took;
  for (int i = 0; i < 2 * count; ++i) {
    asker.ask_whole(fd, i % 2 == 0 ? "fail=1" : "Good morning");
    std::string answer;
    read_until(fd, answer, "\"choices\"");
    read_until(fd, answer, "}}");
    if (i % 2 == 0) took.push_back(number_at(provider, "/failover"));
  }
  print_shares(std::move(took), 1e6);
}

}  // namespace

int main(int count, char** words) {
  if (count < 7) fail("see the head of bench/streams.cpp");
  const std::string mode = words[1];
  Asker asker(static_cast<std::uint16_t>(std::atoi(words[2])), words[3], words[4], words[5]);
  const int many = std::atoi(words[6]);
  if (mode == "first") return first(asker, many), 0;
  if (mode == "frames") return frames(asker, many), 0;
  if (mode == "open") return open(asker, many), 0;
  if (mode == "leave" && count > 7) return leave(asker, many, static_cast<std::uint16_t>(std::atoi(words[7]))), 0;
  if (mode == "failover" && count > 7) return failover(asker, many, static_cast<std::uint16_t>(std::atoi(words[7]))), 0;
  fail("no mode " + mode);
}
