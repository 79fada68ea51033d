// The provider of the gateway benchmark: OpenAI's chat completions from a can, over bare epoll, so that it costs next
// to nothing beside what is measured.
//   upstream_bench PORT [LOOPS]
// A question says in its own text what it wants: "frames=20 pause=1000" is a stream of 20 words with so many
// microseconds between two of them; "fail=1" is an error, unless it comes in OpenRouter's words for the model. GET
// /gone tells when a stream was last broken off by its client, in nanoseconds of the steady clock, and GET /failover
// how long after the last error the next question came.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

std::atomic<std::int64_t> last_gone{0}, last_error{0}, last_failover{0};

std::int64_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

std::string with_length(std::string_view body, std::string_view status = "200 OK") {
  return "HTTP/1.1 " + std::string(status) +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}
std::string chunk(std::string_view bytes) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + std::string(bytes) + "\r\n";
}

const std::string kWhole = with_length(
    R"({"id":"chatcmpl-1","object":"chat.completion","created":1795159800,"model":"gpt-4o-mini-2024-07-18",)"
    R"("choices":[{"index":0,"message":{"role":"assistant","content":"Good morning. What can I do for you today?",)"
    R"("refusal":null},"logprobs":null,"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29}})");
const std::string kBroken = with_length(
    R"({"error":{"message":"The server had an error while processing your request.","type":"server_error"}})",
    "500 Internal Server Error");
std::string frame(std::string_view choices) {
  return R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795159800,)"
         R"("model":"gpt-4o-mini-2024-07-18","choices":[)" +
         std::string(choices) + "\n\n";
}
const std::string kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" +
    chunk(frame(R"({"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]})"));
const std::string kWord =
    chunk(frame(R"({"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}]})"));
const std::string kEnd =
    chunk(frame(R"({"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]})") +
          frame(R"(],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29}})") + "data: [DONE]\n\n") +
    "0\r\n\r\n";

std::int64_t number_after(std::string_view text, std::string_view name, std::int64_t otherwise) {
  const auto at = text.find(name);
  if (at == std::string_view::npos) return otherwise;
  std::int64_t value = otherwise;
  std::from_chars(text.data() + at + name.size(), text.data() + text.size(), value);
  return value;
}

struct Peer {
  std::string in, out;
  std::int64_t frames = 0, pause = 0;  // still to come; nanoseconds
  bool streaming = false;
  bool stuck = false;  // waits until more can be written
};

class Loop {
 public:
  explicit Loop(std::uint16_t port) {
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener_, 4096) != 0) {
      std::perror("upstream");
      std::exit(1);
    }
    watch(listener_, EPOLLIN);
    watch(timer_, EPOLLIN);
  }

  void run() {
    epoll_event events[256];
    for (;;) {
      const int count = epoll_wait(poll_, events, 256, -1);
      for (int i = 0; i < count; ++i) {
        const int fd = events[i].data.fd;
        if (fd == listener_)
          accept_all();
        else if (fd == timer_)
          next_words();
        else
          serve(fd, events[i].events);
      }
    }
  }

 private:
  void watch(int fd, std::uint32_t events, int how = EPOLL_CTL_ADD) {
    epoll_event event{.events = events, .data = {.fd = fd}};
    epoll_ctl(poll_, how, fd, &event);
  }

  void accept_all() {
    for (int fd; (fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      peers_[fd];
      watch(fd, EPOLLIN);
    }
  }

  void serve(int fd, std::uint32_t events) {
    const auto found = peers_.find(fd);
    if (found == peers_.end()) return;
    Peer& peer = found->second;
    if ((events & EPOLLOUT) != 0 && !flush(fd, peer)) return leave(fd, peer);
    if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0) return;
    char bytes[16'384];
    const auto count = read(fd, bytes, sizeof bytes);
    if (count == 0 || (count < 0 && errno != EAGAIN)) return leave(fd, peer);
    if (count > 0) peer.in.append(bytes, static_cast<std::size_t>(count));
    while (!peer.streaming && answer(fd, peer)) {
    }
  }

  // One request, if it is all here.
  bool answer(int fd, Peer& peer) {
    const auto head = peer.in.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    std::string_view fields(peer.in.data(), head);
    std::int64_t length = number_after(fields, "Content-Length: ", -1);
    if (length < 0) length = number_after(fields, "content-length: ", 0);
    const std::size_t size = head + 4 + static_cast<std::size_t>(length);
    if (peer.in.size() < size) return false;
    const std::string_view body(peer.in.data() + head + 4, static_cast<std::size_t>(length));
    if (fields.starts_with("GET /gone")) {
      peer.out += with_length(std::to_string(last_gone.load()));
    } else if (fields.starts_with("GET /failover")) {
      peer.out += with_length(std::to_string(last_failover.load()));
    } else if (body.contains("fail=1") && !body.contains("\"openai/")) {
      peer.out += kBroken;
      last_error = now();
    } else if (body.contains("\"stream\":true") || body.contains("\"stream\": true")) {
      peer.frames = number_after(body, "frames=", 3);
      peer.pause = number_after(body, "pause=", 0) * 1'000;
      peer.streaming = true;
      peer.out += kHead;
      words(fd, peer);
    } else {
      last_failover = now() - last_error;
      peer.out += kWhole;
    }
    peer.in.erase(0, size);
    if (!flush(fd, peer)) leave(fd, peer);
    return peers_.contains(fd);
  }

  // The first at once; the others when their time comes, or as fast as they are taken.
  void words(int fd, Peer& peer) {
    constexpr std::size_t kMuch = 64 << 10;
    while (peer.frames > 0 && peer.out.size() < kMuch) {
      peer.out += kWord;
      if (--peer.frames > 0 && peer.pause > 0) return wake(fd, now() + peer.pause);
    }
    if (peer.frames > 0) return;
    peer.out += kEnd;
    peer.streaming = false;
  }

  void wake(int fd, std::int64_t when) {
    due_.emplace(when, fd);
    if (due_.begin()->first < when) return;
    const itimerspec at{.it_value = {.tv_sec = when / 1'000'000'000, .tv_nsec = when % 1'000'000'000}};
    timerfd_settime(timer_, TFD_TIMER_ABSTIME, &at, nullptr);
  }

  void next_words() {
    std::uint64_t ignored;
    static_cast<void>(!read(timer_, &ignored, sizeof ignored));
    while (!due_.empty() && due_.begin()->first <= now()) {
      const int fd = due_.begin()->second;
      due_.erase(due_.begin());
      const auto found = peers_.find(fd);
      if (found == peers_.end() || !found->second.streaming) continue;
      words(fd, found->second);
      if (!flush(fd, found->second)) leave(fd, found->second);
    }
    if (due_.empty()) return;
    const auto [when, fd] = *due_.begin();
    due_.erase(due_.begin());
    wake(fd, when);
  }

  // False if the client is gone.
  bool flush(int fd, Peer& peer) {
    while (!peer.out.empty()) {
      const auto count = send(fd, peer.out.data(), peer.out.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EAGAIN) {
        if (!std::exchange(peer.stuck, true)) watch(fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
        return true;
      }
      if (count < 0) return false;
      peer.out.erase(0, static_cast<std::size_t>(count));
      if (peer.out.empty() && peer.streaming && peer.pause == 0) words(fd, peer);
    }
    if (std::exchange(peer.stuck, false)) watch(fd, EPOLLIN, EPOLL_CTL_MOD);
    return true;
  }

  void leave(int fd, Peer& peer) {
    if (peer.streaming) last_gone = now();
    close(fd);
    peers_.erase(fd);
  }

  int poll_ = epoll_create1(0);
  int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  std::unordered_map<int, Peer> peers_;
  std::multimap<std::int64_t, int> due_;  // by time
};

}  // namespace

int main(int count, char** words) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto port = static_cast<std::uint16_t>(count > 1 ? std::atoi(words[1]) : 8090);
  const int loops = count > 2 ? std::atoi(words[2]) : 1;
  std::vector<std::thread> threads;
  for (int i = 0; i < loops; ++i) threads.emplace_back([port] { Loop(port).run(); });
  for (auto& thread : threads) thread.join();
}
