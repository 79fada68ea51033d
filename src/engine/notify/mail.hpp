// Mails to people. A mail is a durable job, enqueued in the caller's transaction: if what it tells of is there, so
// is the mail. Who has it in their mailbox does not get it again, unless this process dies between the server's
// "taken" and writing that down: then the second has the same Message-ID (and Resend drops it by its key).
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "engine/jobs/worker.hpp"
#include "engine/notify/postman.hpp"
#include "engine/notify/templates.hpp"

namespace odeon::notify {

struct MailOrder {
  std::string user_id;  // whose mails take turns with others', and are forgotten together; may be empty
  Mailbox to;
  MailContent content;
  std::string from_name;        // as whom it is sent: the product; empty: as configured
  std::string unsubscribe_url;  // empty: there is nothing to unsubscribe from
  std::string key;              // a second order of this key sends nothing; empty: each is another mail
};

struct MailOptions {
  Mailbox from{"Odeon", "odeon@localhost"};
};

// The jobs. What is to be sent lies in a table, and never in a job that stays to be looked at.
struct SendMail {
  static constexpr std::string_view kind = "notify.mail";
};
BOOST_DESCRIBE_STRUCT(SendMail, (), ())

struct TidyMails {
  static constexpr std::string_view kind = "notify.tidy_mails";
};
BOOST_DESCRIBE_STRUCT(TidyMails, (), ())

// Thread-safe; what it is given outlives it.
class Mail {
 public:
  Mail(database::Database& database, jobs::Queue& queue, Postman& postman, const Clock& clock, Log& log,
       Metrics& metrics, MailOptions options);

  // Throws Error{invalid, "INVALID_MAIL"} at once for what can be no mail: an address that is none, a line break
  // in a name or subject.
  Task<void> send(database::Transaction& transaction, MailOrder order);

  // Registers the handlers and the schedule, before the worker starts.
  void install(jobs::Worker& worker);

 private:
  Task<void> deliver(jobs::Job& handle);
  Task<void> hand_over(std::string id, Letter letter);
  Task<void> tidy();
  bool is_out(const std::string& id) const;

  database::Database& database_;
  jobs::Queue& queue_;
  Postman& postman_;
  const Clock& clock_;
  Log& log_;
  Metrics& metrics_;
  const MailOptions options_;

  // Sent, but that could not be written down yet: the attempt after this one only does that.
  mutable std::mutex mutex_;
  std::set<std::string> out_;
};

}  // namespace odeon::notify
