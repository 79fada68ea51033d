// Push messages as files, for development: one a message and device, whose names sort by time.
#pragma once

#include <string>

#include "engine/notify/carrier.hpp"

namespace odeon::notify {

// {"to", "title", "body", "data", "sent_at"} in `folder`/<uuid>.json; `folder` is made with the first. A file
// is whole once it is there. Thread-safe.
class PushFolder final : public Carrier {
 public:
  PushFolder(std::string folder, ThreadPool& pool, const Clock& clock)
      : folder_(std::move(folder)), pool_(pool), clock_(clock) {}

  Task<std::vector<Ticket>> send(PushMessage message, std::vector<std::string> tokens) override;
  Task<std::map<std::string, Ticket>> receipts(std::vector<std::string> ids) override;

 private:
  void write(const PushMessage& message, const std::string& token) const;

  std::string folder_;
  ThreadPool& pool_;
  const Clock& clock_;
};

}  // namespace odeon::notify
