// A copy of what a product keeps of a person, offered to them once a month by mail: for who has agreed to that (the
// purpose kMonthlyExport of their consents). The mail has an address that is good for some days; the copy itself is
// made when somebody comes for it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/jobs/worker.hpp"
#include "engine/privacy/consents.hpp"

namespace odeon::privacy {

inline constexpr std::string_view kMonthlyExport = "monthly_export";
inline constexpr std::chrono::days kExportOffered{3};

struct OfferExports {
  static constexpr std::string_view kind = "privacy.offer_exports";
};
BOOST_DESCRIBE_STRUCT(OfferExports, (), ())

struct ExportOffer {
  std::string user_id;
  std::string product;
  std::string token;  // opens the copy, at the product's /api/user/export/TOKEN
  std::string key;    // the same for the same person, product and month
};

// Thread-safe; what it is given outlives it.
class MonthlyExports {
 public:
  // `secret`, of at least 32 bytes, is the same on all nodes.
  MonthlyExports(database::Database& database, std::string secret, const Clock& clock);

  // Before first use: told of each, in a transaction of its own. Nobody's key comes twice in effect if the second of a
  // key does nothing.
  using Offer = std::function<Task<void>(database::Transaction& transaction, ExportOffer offer)>;
  void offered_by(Offer offer) { offer_ = std::move(offer); }

  // Whose copy a token opens there; nothing if it is wrong or too old.
  std::optional<std::string> whose(std::string_view token, std::string_view product) const;
  std::string token_of(std::string_view user_id, std::string_view product, Instant until) const;

  // Offers to everybody who agreed. Returns to how many.
  Task<std::int64_t> offer();
  // On the first of each month; before the worker starts.
  void install(jobs::Worker& worker);

 private:
  database::Database& database_;
  std::string secret_;
  const Clock& clock_;
  Offer offer_;
};

}  // namespace odeon::privacy
