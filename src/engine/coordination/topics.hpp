// Announcements within this node: from any thread, to listeners on any loop.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/coordination/coordination.hpp"

namespace odeon::coordination {

// Thread-safe. Listeners may outlive it.
class Topics {
 public:
  Topics();
  void announce(const std::string& topic, const std::string& message);
  std::unique_ptr<Subscription> listen(std::string topic);

 private:
  struct Mailbox;
  struct Hub;
  class Listener;
  std::shared_ptr<Hub> hub_;
};

}  // namespace odeon::coordination
