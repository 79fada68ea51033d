// What people agreed to. Every decision is kept; the last one about a purpose holds.
#pragma once

#include <string>
#include <vector>

#include "engine/database/database.hpp"

namespace odeon::privacy {

struct Consent {
  std::string purpose;  // "voice_logs"
  bool granted = false;
  std::string wording;  // names the text that was shown: "2026-11"
  Instant at;
};
BOOST_DESCRIBE_STRUCT(Consent, (), (purpose, granted, wording, at))

// Thread-safe.
class Consents {
 public:
  Consents(database::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Task<void> decide(database::Executor& executor, std::string user_id, std::string product, std::string purpose,
                    bool granted, std::string wording);
  // What holds, by purpose.
  Task<std::vector<Consent>> current(std::string user_id, std::string product);
  // False without a decision.
  Task<bool> granted(std::string user_id, std::string product, std::string purpose);

 private:
  database::Database& database_;
  const Clock& clock_;
};

}  // namespace odeon::privacy
