// Buying, changing and ending plans with payment providers.
//
// `receive` is the inbox: a webhook that is signed is stored and its job enqueued in one transaction, and that is
// all before the answer. The job asks the provider how things are and writes that down; `refresh` does the same
// for whoever has reason to ask. However often and in whatever order that happens, at whatever nodes, what stays
// is what the provider said last: who looked before another wrote looks again.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "engine/billing/payment.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/jobs/worker.hpp"

namespace odeon::billing {

class Currencies;

// The jobs.
struct ApplyWebhook {
  static constexpr std::string_view kind = "billing.apply_webhook";
  std::string provider;
  std::string event_id;
  std::string contract;
  std::string invoice;
  std::optional<std::string> charge;  // of a refund
};
BOOST_DESCRIBE_STRUCT(ApplyWebhook, (), (provider, event_id, contract, invoice, charge))

// For those whose period has ended without a word: webhooks get lost.
struct RefreshOverdue {
  static constexpr std::string_view kind = "billing.refresh_overdue";
};
BOOST_DESCRIBE_STRUCT(RefreshOverdue, (), ())

struct Purchase {
  std::string user_id;
  std::string mail;
  Offer offer;
  std::string currency{};   // as in Money; empty: US dollars
  std::string success_url;  // `{CHECKOUT_SESSION_ID}` in it is replaced
  std::string cancel_url;
  std::string server_url;
  std::string request_key;  // the client's, may be empty: the same again finds the checkout of the first
};

struct Visit {
  std::string user_id;
  std::string product;
  std::string return_url;
  std::string server_url;
};

// Thread-safe; what it is given outlives it.
class Payments {
 public:
  Payments(database::Database& database, jobs::Queue& queue, Subscriptions& subscriptions, const Clock& clock,
           Log& log);
  // Before anything is asked of it. What is bought is bought from the first that sells it in that currency.
  void add(PaymentProvider& provider);
  // Without, everything is sold in US dollars only.
  void price_by(Currencies& currencies) { currencies_ = &currencies; }

  // Null if there is none of that name.
  PaymentProvider* find(std::string_view provider) const;

  // Who is here: a contract that is not known yet is written down for nobody else, such as for who has left and whose
  // provider still talks of them. Before anything is asked of it; unset, everybody is.
  void ask_who_is_here(std::function<Task<bool>(std::string user_id)> call) { is_here_ = std::move(call); }

  // Takes the place of the person's earlier checkout, which is closed. Throws Error{conflict,
  // "ALREADY_SUBSCRIBED"} for who has a contract that goes on, Error{invalid} for what is not sold (or not in that
  // currency), and Error{unavailable, "PAYMENT_NOT_CONFIGURED"} where nothing is, or "NO_RATE" for a currency whose
  // rate of the day is not known.
  Task<Checkout> checkout(Purchase purchase);
  // Throws Error{not_found, "NO_SUBSCRIPTION"} for who never had a contract.
  Task<std::string> portal(Visit visit);
  // Lets the contracts of a person and product end with what is paid. Throws Error{conflict, kManagedByStore} if one
  // goes on that its owner alone can end, when all others are ended.
  Task<void> cancel(std::string user_id, std::string product);

  // False if it was received before. Throws Error{invalid}, and then nothing is stored; for a provider that is
  // not configured too.
  Task<bool> receive(std::string provider, std::string body, http::Headers headers);
  enum class Outcome {
    applied,
    unknown,    // to the provider, or not ours
    ownerless,  // nobody here is its customer
  };
  BOOST_DESCRIBE_NESTED_ENUM(Outcome, applied, unknown, ownerless)
  // A purchase that was made elsewhere, in an app store: its contract belongs to this person from now on, unless it
  // says itself whose it is. Throws Error{not_found, "NO_SUCH_PURCHASE"} for what the provider does not know, and
  // Error{conflict, "PURCHASE_TAKEN"} for another person's.
  Task<void> adopt(std::string provider, std::string contract, std::string user_id);
  // `invoice`, if there is one, is written down as well.
  Task<Outcome> refresh(std::string provider, std::string contract, std::string invoice);

  // Registers the handlers and schedules, before the worker starts.
  void install(jobs::Worker& worker);

 private:
  Task<void> enqueue(database::Transaction& tx, std::string provider, WebhookEvent event);
  Task<void> apply(ApplyWebhook job, jobs::Job& handle);
  Task<void> refresh_overdue();
  Task<Outcome> refresh_refund(std::string provider, std::string charge);
  Task<Outcome> refresh_for(std::string provider, std::string contract, std::string invoice, std::string claimant);
  Task<std::optional<Outcome>> try_refresh(PaymentProvider& from, std::string contract, std::string invoice,
                                           std::string claimant);
  Task<void> refuse_a_second(std::string user_id, std::string product);
  Task<void> close(std::string provider, std::string checkout);
  PaymentProvider& known(std::string_view provider) const;
  PaymentProvider& seller_of(const Offer& offer, const std::string& currency) const;
  Task<std::int64_t> amount_of(Offer offer, std::string currency);

  database::Database& database_;
  jobs::Queue& queue_;
  Subscriptions& subscriptions_;
  const Clock& clock_;
  Log& log_;
  std::vector<PaymentProvider*> providers_;
  Currencies* currencies_ = nullptr;
  std::function<Task<bool>(std::string)> is_here_;
};

}  // namespace odeon::billing
