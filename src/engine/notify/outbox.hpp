// Mails as files, for development: their names sort by time, and their links are in the log to be clicked.
#pragma once

#include <string>

#include "base/log.hpp"
#include "engine/notify/postman.hpp"

namespace odeon::notify {

// `folder`/<letter's id>.eml; `folder` is made with the first. A file is whole once it is there, and a letter sent
// twice is one file.
class Outbox final : public Postman {
 public:
  Outbox(std::string folder, ThreadPool& pool, Log& log) : folder_(std::move(folder)), pool_(pool), log_(log) {}
  Task<void> send(Letter letter) override;

 private:
  void write(const Letter& letter) const;

  std::string folder_;
  ThreadPool& pool_;
  Log& log_;
};

// The http and https addresses in `text`, in order.
std::vector<std::string> links_in(std::string_view text);

}  // namespace odeon::notify
