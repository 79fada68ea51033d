#include "engine/billing/sandbox_pages.hpp"

#include "engine/http/binding.hpp"

namespace odeon::billing {

namespace embedded {
extern const std::string_view sandbox_css;
}

namespace {

using http::Endpoint;
using http::Method;
using http::Nothing;
using http::SeeOther;
using sandbox::CheckoutState;
using sandbox::ContractRow;

constexpr Endpoint<Nothing, http::Content> get_style{{.method = Method::get, .path = "/style.css", .summary = "Style"}};
constexpr Endpoint<CheckoutPage, http::Content> get_checkout{
    {.method = Method::get, .path = "/checkout/{id}", .summary = "The page to pay"}};
constexpr Endpoint<CheckoutPage, SeeOther> pay_checkout{
    {.method = Method::post, .path = "/checkout/{id}/pay", .summary = "Pay, without money"}};
constexpr Endpoint<CheckoutPage, SeeOther> decline_checkout{
    {.method = Method::post, .path = "/checkout/{id}/decline", .summary = "As if the card was declined"}};
constexpr Endpoint<PortalPage, http::Content> get_portal{
    {.method = Method::get, .path = "/portal/{customer}", .summary = "The page to change and cancel"}};
constexpr Endpoint<PortalAct, SeeOther> act_in_portal{{.method = Method::post,
                                                       .path = "/portal/{customer}/{contract}/{act}",
                                                       .summary = "Cancel, resume, fail a renewal, settle it"}};
constexpr Endpoint<PortalChange, SeeOther> change_in_portal{
    {.method = Method::post,
     .path = "/portal/{customer}/{contract}/change/{plan}/{cycle}",
     .summary = "Change to another plan"}};

std::string price(const Money& money, Cycle cycle) {
  return to_text(money) + (cycle == Cycle::yearly ? " a year" : " a month");
}

std::string day(Instant when) {
  return to_iso8601(when).substr(0, 10);
}

std::string form(const std::string& action, std::string_view label, std::string_view kind = "") {
  return fmt::format(R"(<form method="post" action="/{}/{}"><button class="{}">{}</button></form>)",
                     Sandbox::mounted_at, text::escape_html(action), kind, text::escape_html(label));
}

std::string link(const std::string& url, std::string_view label) {
  return fmt::format(R"(<p><a class="button first" href="{}">{}</a></p>)", text::escape_html(url), label);
}

http::Content page(std::string_view title, const std::string& inside) {
  http::Content content{"text/html; charset=utf-8", ""};
  content.body = fmt::format(
      R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{}</title><link rel="stylesheet" href="/{}/style.css"></head><body><main><p class="note">Sandbox: no money moves here.</p><h1>{}</h1>{}</main></body></html>)",
      text::escape_html(title), Sandbox::mounted_at, text::escape_html(title), inside);
  content.headers.add("Content-Security-Policy",
                      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
                      "frame-ancestors 'none'");
  content.headers.add("Cache-Control", "no-store");
  return content;
}

std::string checkout_address(const std::string& id) {
  return fmt::format("/{}/checkout/{}", Sandbox::mounted_at, text::percent_encode(id));
}
std::string portal_address(const std::string& customer) {
  return fmt::format("/{}/portal/{}", Sandbox::mounted_at, text::percent_encode(customer));
}

std::string state_of(const ContractRow& row) {
  switch (row.status) {
    case ContractStatus::past_due:
      return R"(<p class="bad">The last renewal was not paid.</p>)";
    case ContractStatus::ended:
      return R"(<p class="soft">Ended.</p>)";
    default:
      break;
  }
  const std::string_view what = row.status == ContractStatus::trialing ? "Trial" : "Active";
  const std::string_view then = row.cancel_at_period_end ? "ends on" : "renews on";
  return fmt::format(R"(<p class="good">{}, {} {}</p>)", what, then, day(row.period_end));
}

std::string section_of(const ContractRow& row, const Sandbox& sandbox) {
  const ProductPlans& plans = sandbox.plans_of(row.product);
  const Plan* plan = plans.find(row.plan);
  std::string out = fmt::format("<h2>{} {}</h2>", text::escape_html(row.product),
                                text::escape_html(plan != nullptr ? plan->title : row.plan));
  if (plan != nullptr)
    out +=
        fmt::format(R"(<p class="soft">{}</p>)",
                    price(sandbox.price_of({row.product, row.plan, row.cycle}, row.currency, row.amount), row.cycle));
  out += state_of(row);
  if (row.status == ContractStatus::ended) return out;
  const std::string base = fmt::format("portal/{}/{}/", row.customer, row.id);
  if (row.status == ContractStatus::past_due)
    out += form(base + "settle", "Pay what is due", "first");
  else
    out += form(base + "fail", "Let the next renewal fail");
  out += row.cancel_at_period_end ? form(base + "resume", "Keep the subscription")
                                  : form(base + "cancel", "Cancel at the end of the period");
  for (const auto& other : plans.plans)
    for (const auto cycle : {Cycle::monthly, Cycle::yearly}) {
      const Money costs = sandbox.price_of({row.product, other.name, cycle}, "", 0);
      if (costs.amount == 0 || (other.name == row.plan && cycle == row.cycle)) continue;
      out += form(fmt::format("{}change/{}/{}", base, other.name, json::enum_name(cycle)),
                  fmt::format("Change to {}, {}", other.title, price(costs, cycle)));
    }
  return out;
}

}  // namespace

std::unique_ptr<http::Api> SandboxPages::api() {
  auto api = std::make_unique<http::Api>(std::string(Sandbox::mounted_at), "Sandbox payment",
                                         std::make_unique<http::BareFormat>());
  http::mount(*api, get_style, &SandboxPages::style, *this);
  http::mount(*api, get_checkout, &SandboxPages::checkout, *this);
  http::mount(*api, pay_checkout, &SandboxPages::pay, *this);
  http::mount(*api, decline_checkout, &SandboxPages::decline, *this);
  http::mount(*api, get_portal, &SandboxPages::portal, *this);
  http::mount(*api, act_in_portal, &SandboxPages::act, *this);
  http::mount(*api, change_in_portal, &SandboxPages::change, *this);
  return api;
}

Task<http::Content> SandboxPages::style() {
  co_return http::Content{"text/css; charset=utf-8", std::string(embedded::sandbox_css)};
}

Task<http::Content> SandboxPages::checkout(CheckoutPage wanted) {
  const auto row = co_await sandbox_.checkout(wanted.id);
  const CheckoutOrder& order = row.checkout_order;
  if (row.state == CheckoutState::paid)
    co_return page("Thank you",
                   R"(<p class="good" role="status">It is paid.</p>)" + link(order.success_url, "Go back"));
  if (row.state == CheckoutState::closed)
    co_return page("This checkout is closed",
                   R"(<p role="status">Begin again in the app.</p>)" + link(order.cancel_url, "Go back"));
  const Plan* plan = sandbox_.plans_of(order.offer.product).find(order.offer.plan);
  if (plan == nullptr) throw Error(Fault::not_found, "NOT_FOUND", "This plan is sold no more.");
  std::string inside;
  if (row.state == CheckoutState::declined)
    inside += R"(<p class="bad" role="alert">The payment was declined. Nothing has changed.</p>)";
  inside += fmt::format(R"(<p class="price">{}</p>)",
                        price(sandbox_.price_of(order.offer, order.currency, order.amount), order.offer.cycle));
  if (order.trial_days > 0) inside += fmt::format("<p>after {} days of trial for nothing</p>", order.trial_days);
  if (!order.mail.empty()) inside += fmt::format(R"(<p class="soft">for {}</p>)", text::escape_html(order.mail));
  inside += form("checkout/" + row.id + "/pay", order.trial_days > 0 ? "Start the trial" : "Pay", "first");
  inside += form("checkout/" + row.id + "/decline", "Let the card be declined");
  inside += fmt::format(R"(<p class="soft"><a href="{}">Not now</a></p>)", text::escape_html(order.cancel_url));
  co_return page("Subscribe to " + plan->title, inside);
}

Task<SeeOther> SandboxPages::pay(CheckoutPage page) {
  co_await sandbox_.pay(page.id);
  co_return SeeOther{checkout_address(page.id)};
}

Task<SeeOther> SandboxPages::decline(CheckoutPage page) {
  co_await sandbox_.decline(page.id);
  co_return SeeOther{checkout_address(page.id)};
}

Task<http::Content> SandboxPages::portal(PortalPage wanted) {
  std::string inside;
  for (const auto& row : co_await sandbox_.contracts(wanted.customer)) {
    inside += section_of(row, sandbox_);
    if (const auto more = co_await sandbox_.overage_of(row); more > 0)
      inside += fmt::format(R"(<p class="soft">{} past the limit in this period</p>)", more);
  }
  co_return page("Your subscriptions", inside);
}

Task<SeeOther> SandboxPages::act(PortalAct page) {
  co_await sandbox_.act(page.customer, page.contract, page.act);
  co_return SeeOther{portal_address(page.customer)};
}

Task<SeeOther> SandboxPages::change(PortalChange page) {
  co_await sandbox_.change(page.customer, page.contract, page.plan, page.cycle);
  co_return SeeOther{portal_address(page.customer)};
}

}  // namespace odeon::billing
