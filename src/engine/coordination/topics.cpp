#include "engine/coordination/topics.hpp"

#include <algorithm>
#include <deque>

#include "engine/coordination/wakeup.hpp"

namespace odeon::coordination {
namespace {

constexpr std::size_t kMaxBehind = 256;

}  // namespace

struct Topics::Mailbox {
  std::mutex mutex;
  std::deque<std::string> messages;
  std::weak_ptr<Wakeup> sleeper;  // of the listener that waits; owned by its frame
  bool closed = false;

  void wake(std::unique_lock<std::mutex> lock) {
    auto wakeup = std::exchange(sleeper, {}).lock();
    lock.unlock();
    if (wakeup) Wakeup::wake(std::move(wakeup));
  }

  void deliver(const std::string& message) {
    std::unique_lock lock(mutex);
    if (messages.size() == kMaxBehind) messages.pop_front();
    messages.push_back(message);
    wake(std::move(lock));
  }

  void close() {
    std::unique_lock lock(mutex);
    closed = true;
    wake(std::move(lock));
  }

  // The next message, or else `wakeup` is what the one after this ends.
  std::optional<std::string> take_or_wait(const std::shared_ptr<Wakeup>& wakeup) {
    std::lock_guard lock(mutex);
    if (closed) throw boost::system::system_error(asio::error::operation_aborted);
    if (messages.empty()) {
      sleeper = wakeup;
      return std::nullopt;
    }
    std::string message = std::move(messages.front());
    messages.pop_front();
    return message;
  }
};

struct Topics::Hub {
  std::mutex mutex;
  std::unordered_map<std::string, std::vector<std::shared_ptr<Mailbox>>> mailboxes;
};

class Topics::Listener final : public Subscription {
 public:
  Listener(std::shared_ptr<Hub> hub, std::string topic) : hub_(std::move(hub)), topic_(std::move(topic)) {
    std::lock_guard lock(hub_->mutex);
    hub_->mailboxes[topic_].push_back(mailbox_);
  }

  ~Listener() override {
    {
      std::lock_guard lock(hub_->mutex);
      const auto found = hub_->mailboxes.find(topic_);
      std::erase(found->second, mailbox_);
      if (found->second.empty()) hub_->mailboxes.erase(found);
    }
    mailbox_->close();
  }

  // Not bound to this object: it may be destroyed while `next` waits.
  Task<std::string> next() override { return next_in(mailbox_); }

 private:
  static Task<std::string> next_in(std::shared_ptr<Mailbox> mailbox) {
    for (;;) {
      auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
      if (auto message = mailbox->take_or_wait(wakeup)) co_return std::move(*message);
      co_await wakeup->wait();
    }
  }

  std::shared_ptr<Hub> hub_;
  std::string topic_;
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
};

Topics::Topics() : hub_(std::make_shared<Hub>()) {}

void Topics::announce(const std::string& topic, const std::string& message) {
  std::lock_guard lock(hub_->mutex);
  const auto found = hub_->mailboxes.find(topic);
  if (found == hub_->mailboxes.end()) return;
  for (const auto& mailbox : found->second) mailbox->deliver(message);
}

std::unique_ptr<Subscription> Topics::listen(std::string topic) {
  return std::make_unique<Listener>(hub_, std::move(topic));
}

}  // namespace odeon::coordination
