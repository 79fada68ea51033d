// Mail by SMTP (RFC 5321), by libcurl.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/notify/postman.hpp"

namespace odeon::notify {

struct SmtpOptions {
  enum class Tls {
    implicit,  // from the first byte (smtps)
    starttls,  // asked for and required: without it nothing is said
    none,
  };
  std::string host;
  std::uint16_t port = 587;
  Tls tls = Tls::starttls;
  std::string user;  // empty: no authentication
  std::string password;
  std::string authorities_file;  // PEM; empty for the system's
  std::chrono::milliseconds connect_time{10'000};
  std::chrono::milliseconds time{60'000};  // for one mail, all in all
};

// Of smtp://user:password@host:port (port 587 unless given, STARTTLS) or smtps://… (port 465). Name and password
// are percent-encoded. To loopback STARTTLS is not asked for; `?tls=off` does without elsewhere, too, as with a
// mail catcher in a private network, and `?tls=required` asks for it everywhere. Throws Error{invalid} with a
// sentence for whoever configures it.
SmtpOptions parse_smtp_url(std::string_view url);

// Each mail has a connection of its own and occupies a thread of `pool` until it is through: a pool that is for
// this alone. A cancelled send ends within about a second, unless the mail is out already: then its answer is
// awaited, so that it need not be sent twice.
class Smtp final : public Postman {
 public:
  Smtp(ThreadPool& pool, SmtpOptions options) : pool_(pool), options_(std::move(options)) {}
  Task<void> send(Letter letter) override;

 private:
  ThreadPool& pool_;
  SmtpOptions options_;
};

}  // namespace odeon::notify
