// All SQL of this room.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/database/database.hpp"
#include "engine/notify/push.hpp"

namespace odeon::notify::store {

struct TicketRow {
  std::string job_id;
  std::string token;
  std::string receipt_id;
  Instant sent_at;
};
BOOST_DESCRIBE_STRUCT(TicketRow, (), (job_id, token, receipt_id, sent_at))

// A device as its owner is told of it.
struct DeviceKept {
  std::string product;
  std::string token;
  std::string platform;
  Instant created_at;
  Instant seen_at;
};
BOOST_DESCRIBE_STRUCT(DeviceKept, (), (product, token, platform, created_at, seen_at))

// The device is this account's from now on; of its devices the `most` that were seen last are kept.
Task<void> keep_token(database::Transaction& transaction, Device device, Instant now, std::int64_t most);
// False if the account has no such device.
Task<bool> remove_token(database::Database& database, Device device);
// Of one product, or of all when it is empty; the same for `forget_devices`, which tells how many rows went.
Task<std::vector<DeviceKept>> devices_of(database::Database& database, std::string user_id, std::string product);
Task<std::int64_t> forget_devices(database::Transaction& transaction, std::string user_id, std::string product);
Task<bool> has_tokens(database::Executor& executor, std::string user_id, std::string product);
// Those that `job_id` has not reached.
Task<std::vector<std::string>> unreached(database::Database& database, std::string user_id, std::string product,
                                         std::string job_id);

Task<void> add_tickets(database::Transaction& transaction, std::vector<TicketRow> tickets);
// With a receipt to ask for, sent until `until`, in the order of receipt ids after `after`.
Task<std::vector<TicketRow>> open_tickets(database::Database& database, Instant until, std::string after,
                                          std::int64_t limit);
Task<void> settle_tickets(database::Transaction& transaction, std::vector<TicketRow> tickets);
// Unless the device was seen again since the message was sent.
Task<void> forget_tokens(database::Transaction& transaction, std::vector<TicketRow> tickets);
Task<void> remove_tickets(database::Database& database, Instant before);

}  // namespace odeon::notify::store
