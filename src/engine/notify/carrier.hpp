// What carries push messages to devices: the outside world as `Push` sees it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/task.hpp"

namespace odeon::notify {

struct PushMessage {
  std::string title;
  std::string body;
  json::object data;  // for the app
};
BOOST_DESCRIBE_STRUCT(PushMessage, (), (title, body, data))

// What became of a message on one device.
enum class Outcome {
  accepted,
  gone,     // the device does not take messages any more: forget its token
  later,    // the same message may pass later
  refused,  // it never will
};
BOOST_DESCRIBE_ENUM(Outcome, accepted, gone, later, refused)

struct Ticket {
  Outcome outcome = Outcome::accepted;
  std::string receipt_id;  // of an accepted one: how it ends can be asked later; empty: it cannot
  std::string reason;      // of the others, for logs
};

class Carrier {
 public:
  static constexpr std::size_t max_messages = 100, max_receipts = 1000;

  virtual ~Carrier() = default;
  // One message to at most `max_messages` devices: a ticket for each, in order. Throws Error when none was
  // taken, or nobody knows which were; with may_pass() if another attempt may do better.
  virtual Task<std::vector<Ticket>> send(PushMessage message, std::vector<std::string> tokens) = 0;
  // Of those of `ids` (at most `max_receipts`) that ended. Throws as above.
  virtual Task<std::map<std::string, Ticket>> receipts(std::vector<std::string> ids) = 0;
};

}  // namespace odeon::notify
