// What people may ask about what is kept of them, the same in every product: take it along, see what they agreed
// to, have it erased.
#pragma once

#include "base/fields.hpp"
#include "engine/http/router.hpp"
#include "engine/http/services.hpp"
#include "engine/privacy/consents.hpp"
#include "engine/privacy/erasure.hpp"
#include "engine/privacy/exports.hpp"
#include "engine/privacy/monthly_exports.hpp"

namespace odeon::privacy {

struct Extent {
  std::optional<Text<1, 40>> product;  // the one asked; left out: the whole account
};
BOOST_DESCRIBE_STRUCT(Extent, (), (product))

struct ExportRequest {
  Text<1, 300> token;  // of a mail
};
BOOST_DESCRIBE_STRUCT(ExportRequest, (), (token))

struct Leave {
  std::optional<Text<1, 40>> product;  // as of Extent
  std::optional<Int<0, 30>> wait_days;
};
BOOST_DESCRIBE_STRUCT(Leave, (), (product, wait_days))

struct ReceiptRequest {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(ReceiptRequest, (), (id))

struct Decision {
  Text<1, 60> purpose;
  bool granted = false;
  Text<1, 60> wording;  // names the text that was shown
};
BOOST_DESCRIBE_STRUCT(Decision, (), (purpose, granted, wording))

struct ConsentList {
  std::vector<Consent> consents;
};
BOOST_DESCRIBE_STRUCT(ConsentList, (), (consents))

// Whether one's copy and one's leave are asked for at the addresses that most products have, or at the product's own.
enum class Leaving { shared, own };

// Of one product. API keys are refused: this is the person's own business.
class Endpoints {
 public:
  Endpoints(std::string product, Exports& exports, MonthlyExports& monthly, Erasures& erasures, Consents& consents,
            Audit& audit, database::Database& database, const Clock& clock)
      : product_(std::move(product)),
        exports_(exports),
        monthly_(monthly),
        erasures_(erasures),
        consents_(consents),
        audit_(audit),
        database_(database),
        clock_(clock) {}

  Task<http::Download> take_along(http::Caller caller, Extent extent);
  // A copy of what this product keeps of them is given out by the product itself.
  Task<void> copied(http::Caller caller);
  // Of this product. Throws Error{not_found} for a token that opens nothing, or nothing any more.
  Task<http::Download> take_by_mail(ExportRequest request);
  Task<http::Accepted<Receipt>> erase(http::Caller caller, Leave leave);
  Task<Receipt> receipt(ReceiptRequest request);
  Task<ConsentList> consents(http::Caller caller);
  Task<ConsentList> decide(http::Caller caller, Decision decision);

  void mount(http::Api& api, Leaving leaving = Leaving::shared);

 private:
  std::string extent_of(const http::Caller& caller, const Extent& extent) const;
  http::Download copy_of(std::string user_id, std::string product);

  std::string product_;
  Exports& exports_;
  MonthlyExports& monthly_;
  Erasures& erasures_;
  Consents& consents_;
  Audit& audit_;
  database::Database& database_;
  const Clock& clock_;
};

}  // namespace odeon::privacy
