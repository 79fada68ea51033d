#include "engine/privacy/endpoints.hpp"

#include "engine/http/binding.hpp"

namespace odeon::privacy {
namespace {

using http::Auth;
using http::Endpoint;
using http::Method;

constexpr Endpoint<Extent, http::Download> export_endpoint{
    {.method = Method::get,
     .path = "/api/user/export",
     .summary = "Everything that is kept of you, as a ZIP of JSON and media",
     .description = "`product` limits it to one product: this one.",
     .auth = Auth::user,
     .rate = {10, http::per_hour},
     .media_type = "application/zip"}};
constexpr Endpoint<ExportRequest, http::Download> export_by_mail_endpoint{
    {.method = Method::get,
     .path = "/api/user/export/{token}",
     .summary = "What is kept of you here, by the address in a mail",
     .description = "Such a mail comes monthly to who agreed to the purpose `monthly_export` (PUT /api/user/consents).",
     .rate = {30, http::per_hour},
     .media_type = "application/zip"}};
constexpr Endpoint<Leave, http::Accepted<Receipt>> erase_endpoint{
    {.method = Method::delete_,
     .path = "/api/user/account",
     .summary = "Have everything erased that is kept of you",
     .description =
         "The account ends at once, in all products; with `product` only what this one keeps. With "
         "`wait_days` it is erased that much later, and until then only we can give it back. The receipt says "
         "when it is done, and is sent by mail then.",
     .auth = Auth::user,
     .rate = {10, http::per_hour}}};
constexpr Endpoint<ReceiptRequest, Receipt> receipt_endpoint{{.method = Method::get,
                                                              .path = "/api/user/erasures/{id}",
                                                              .summary = "How an erasure goes, by its receipt",
                                                              .rate = {60, http::per_minute}}};
constexpr Endpoint<http::Nothing, ConsentList> consents_endpoint{{.method = Method::get,
                                                                  .path = "/api/user/consents",
                                                                  .summary = "What you agreed to",
                                                                  .auth = Auth::user,
                                                                  .rate = {60, http::per_minute}}};
constexpr Endpoint<Decision, ConsentList> decide_endpoint{
    {.method = Method::put,
     .path = "/api/user/consents",
     .summary = "Agree to something, or no longer",
     .description = "`wording` names the text that was shown. Every decision is kept; the last one holds.",
     .auth = Auth::user,
     .rate = {60, http::per_minute}}};

void require_person(const http::Caller& caller) {
  if (!caller.scopes.empty())
    throw Error(Fault::forbidden, "NOT_BY_API_KEY", "This cannot be done with an API key. Sign in.");
}

}  // namespace

void Endpoints::mount(http::Api& api, Leaving leaving) {
  if (leaving == Leaving::shared) {
    http::mount(api, export_endpoint, &Endpoints::take_along, *this);
    http::mount(api, erase_endpoint, &Endpoints::erase, *this);
  }
  http::mount(api, export_by_mail_endpoint, &Endpoints::take_by_mail, *this);
  http::mount(api, receipt_endpoint, &Endpoints::receipt, *this);
  http::mount(api, consents_endpoint, &Endpoints::consents, *this);
  http::mount(api, decide_endpoint, &Endpoints::decide, *this);
}

std::string Endpoints::extent_of(const http::Caller& caller, const Extent& extent) const {
  require_person(caller);
  if (!extent.product) return "";
  if (*extent.product == product_) return product_;
  json::Faults faults;
  faults.add("product", "not_allowed", fmt::format("This must be {}, or left out.", product_));
  faults.raise();
  return "";
}

Task<http::Download> Endpoints::take_along(http::Caller caller, Extent extent) {
  std::string product = extent_of(caller, extent);
  co_await audit_.record(database_, {.user_id = caller.user_id, .product = product, .action = "exported"});
  co_return copy_of(caller.user_id, std::move(product));
}

Task<void> Endpoints::copied(http::Caller caller) {
  std::string product = extent_of(caller, {.product = Text<1, 40>(product_)});
  co_await audit_.record(database_, {.user_id = caller.user_id, .product = std::move(product), .action = "exported"});
}

http::Download Endpoints::copy_of(std::string user_id, std::string product) {
  const auto day = to_iso8601(clock_.now()).substr(0, 10);
  return {"application/zip", fmt::format("odeon-export-{}.zip", day),
          exports_.of(std::move(user_id), std::move(product))};
}

Task<http::Download> Endpoints::take_by_mail(ExportRequest request) {
  const auto user_id = monthly_.whose(request.token, product_);
  if (!user_id || !co_await consents_.granted(*user_id, product_, std::string(kMonthlyExport)))
    throw Error(Fault::not_found, "EXPORT_NOT_FOUND",
                "This address is wrong, or good no more. Sign in to take a copy.");
  co_await audit_.record(database_,
                         {.user_id = *user_id, .product = product_, .action = "exported", .details = {{"by", "mail"}}});
  co_return copy_of(*user_id, product_);
}

Task<http::Accepted<Receipt>> Endpoints::erase(http::Caller caller, Leave leave) {
  ErasureOrder order{.user_id = caller.user_id, .product = extent_of(caller, {leave.product}), .mail = caller.email};
  if (leave.wait_days) order.wait = std::chrono::days(std::int64_t{*leave.wait_days});
  if (order.wait.count() > 0 && !order.product.empty()) {
    json::Faults faults;
    faults.add("wait_days", "not_allowed", "Only a whole account can wait.");
    faults.raise();
  }
  co_return http::Accepted<Receipt>{co_await erasures_.request(std::move(order))};
}

Task<Receipt> Endpoints::receipt(ReceiptRequest request) {
  auto receipt = co_await erasures_.receipt(std::move(request.id));
  if (!receipt) throw Error(Fault::not_found, "RECEIPT_NOT_FOUND", "There is no such receipt.");
  co_return std::move(*receipt);
}

Task<ConsentList> Endpoints::consents(http::Caller caller) {
  co_return ConsentList{co_await consents_.current(caller.user_id, product_)};
}

Task<ConsentList> Endpoints::decide(http::Caller caller, Decision decision) {
  require_person(caller);
  auto transaction = co_await database_.begin(database::Isolation::statement);
  co_await consents_.decide(*transaction, caller.user_id, product_, decision.purpose, decision.granted,
                            decision.wording);
  co_await audit_.record(*transaction, {.user_id = caller.user_id,
                                        .product = product_,
                                        .action = decision.granted ? "consented" : "consent_withdrawn",
                                        .details = {{"purpose", std::string(decision.purpose)},
                                                    {"wording", std::string(decision.wording)}}});
  co_await transaction->commit();
  co_return co_await consents(std::move(caller));
}

}  // namespace odeon::privacy
