// How webhooks come in, and how what they tell of is written down.
#include "engine/billing/contracts_store.hpp"
#include "engine/billing/payments.hpp"
#include "engine/database/atomically.hpp"

namespace odeon::billing {
namespace {

constexpr int kPriority = 1;                     // somebody has just paid
constexpr int kMaxAttempts = 24;                 // most of a day, with the queue's pauses of at most an hour
constexpr int kMaxLooks = 12;                    // while others write: a payment is told of by several webhooks at once
constexpr std::chrono::milliseconds kPause{10};  // before the second look; the next wait longer
constexpr std::int64_t kBatch = 200;
constexpr std::chrono::days kWebhooksKept{30};

// Whether a contract gives something else than when it was last seen, or for another time; a renewal does not.
bool is_news(const std::optional<store::Seen>& seen, const Contract& contract) {
  const bool gave = seen && seen->status != ContractStatus::incomplete;
  if (!gave) return contract.status != ContractStatus::incomplete && contract.status != ContractStatus::ended;
  return seen->status != contract.status || seen->plan != contract.offer.plan ||
         seen->cancel_at_period_end != contract.cancel_at_period_end;
}

}  // namespace

void Payments::install(jobs::Worker& worker) {
  worker.handle<ApplyWebhook>([this](ApplyWebhook job, jobs::Job& handle) { return apply(std::move(job), handle); });
  worker.handle<RefreshOverdue>([this](RefreshOverdue, jobs::Job&) { return refresh_overdue(); });
  worker.schedule("billing.refresh_overdue", jobs::Cron("7 * * * *"), RefreshOverdue{});
}

Task<bool> Payments::receive(std::string provider, std::string body, http::Headers headers) {
  PaymentProvider* from = find(provider);
  if (from == nullptr)
    throw Error(Fault::invalid, "INVALID_SIGNATURE", "Webhooks of this payment provider cannot be checked here.");
  const WebhookEvent event = co_await from->read_webhook(body, std::move(headers));
  const Instant now = clock_.now();
  const bool ours = !event.contract.empty() || !event.charge.empty();
  const auto keep = [&](database::Transaction& tx) -> Task<bool> {
    const auto applied = ours ? std::nullopt : std::optional(now);
    if (!co_await store::add_webhook(tx, provider, event, body, now, applied, ours ? "" : "ignored")) co_return false;
    if (ours) co_await enqueue(tx, provider, event);
    co_return true;
  };
  if (!co_await database::atomically(database_, database::Isolation::statement, keep)) co_return false;
  log_.info("billing.webhook", {{"provider", provider}, {"event", event.id}, {"type", event.type}});
  co_return true;
}

Task<void> Payments::enqueue(database::Transaction& tx, std::string provider, WebhookEvent event) {
  // One customer's after another: less to look at twice.
  const std::string& thing = event.contract.empty() ? event.charge : event.contract;
  const std::string& whose = event.customer.empty() ? thing : event.customer;
  const auto charge = event.charge.empty() ? std::nullopt : std::optional(event.charge);
  co_await queue_.enqueue(tx, ApplyWebhook{provider, event.id, event.contract, event.invoice, charge},
                          {.priority = kPriority,
                           .lane = fmt::format("billing/{}/{}", provider, whose),
                           .lane_limit = 1,
                           .max_attempts = kMaxAttempts});
}

Task<void> Payments::apply(ApplyWebhook job, jobs::Job& handle) {
  Outcome outcome = Outcome::unknown;
  if (job.charge)
    outcome = co_await refresh_refund(job.provider, *job.charge);
  else
    outcome = co_await refresh(job.provider, job.contract, job.invoice);
  auto tx = co_await database_.begin(database::Isolation::statement);
  co_await store::mark_applied(*tx, job.provider, job.event_id, std::string(json::enum_name(outcome)), clock_.now());
  co_await handle.complete(*tx);
  co_await tx->commit();
}

Task<Payments::Outcome> Payments::refresh(std::string provider, std::string contract, std::string invoice) {
  return refresh_for(std::move(provider), std::move(contract), std::move(invoice), "");
}

// What was given back of a payment is written to its row, which may have to be looked up first.
Task<Payments::Outcome> Payments::refresh_refund(std::string provider, std::string charge) {
  PaymentProvider& from = known(provider);
  const auto refund = co_await from.fetch_refund(std::move(charge));
  if (!refund) co_return Outcome::unknown;
  if (co_await store::note_refund(database_, provider, *refund)) co_return Outcome::applied;
  const auto invoice = co_await from.fetch_invoice(refund->invoice);
  if (!invoice) co_return Outcome::unknown;
  const Outcome outcome = co_await refresh(provider, invoice->contract, invoice->id);
  co_await store::note_refund(database_, provider, *refund);
  co_return outcome;
}

Task<void> Payments::adopt(std::string provider, std::string contract, std::string user_id) {
  if (co_await refresh_for(provider, contract, "", user_id) != Outcome::applied)
    throw Error(Fault::not_found, "NO_SUCH_PURCHASE", "The store does not know this purchase.");
  const auto seen = co_await store::contract(database_, provider, contract);
  if (!seen || seen->user_id != user_id)
    throw Error(Fault::conflict, "PURCHASE_TAKEN", "This purchase belongs to another account. Sign in with that one.");
}

// `claimant` is who says it is theirs, where nobody else is known.
Task<Payments::Outcome> Payments::refresh_for(std::string provider, std::string contract, std::string invoice,
                                              std::string claimant) {
  PaymentProvider& from = known(provider);
  for (int look = 0; look < kMaxLooks; ++look) {
    if (look > 0) co_await sleep_on_loop(kPause * look);
    if (const auto outcome = co_await try_refresh(from, contract, invoice, claimant)) co_return *outcome;
  }
  throw Error(Fault::unavailable, "CONTRACT_BUSY", "This subscription is being changed. Try again.");
}

// Nothing if somebody else wrote after we had begun to look.
Task<std::optional<Payments::Outcome>> Payments::try_refresh(PaymentProvider& from, std::string id, std::string invoice,
                                                             std::string claimant) {
  const std::string provider(from.name());
  const auto seen = co_await store::contract(database_, provider, id);
  auto contract = co_await from.fetch(id);
  if (!contract) co_return Outcome::unknown;
  if (contract->user_id.empty()) {
    auto owner = seen ? std::optional(seen->user_id) : co_await store::owner(database_, provider, contract->customer);
    if (!owner && !claimant.empty()) owner = claimant;
    if (!owner) {
      log_.warning("billing.ownerless", {{"provider", provider}, {"contract", id}});
      co_return Outcome::ownerless;
    }
    contract->user_id = *owner;
  }
  if (!seen && is_here_ && !co_await is_here_(contract->user_id)) co_return Outcome::ownerless;
  std::vector<Invoice> invoices;
  if (contract->latest_invoice) invoices.push_back(*contract->latest_invoice);
  if (!invoice.empty() && (invoices.empty() || invoices.front().id != invoice))
    if (const auto named = co_await from.fetch_invoice(invoice); named && named->contract == contract->id)
      invoices.push_back(*named);

  const Instant now = clock_.now();
  auto tx = co_await database_.begin(database::Isolation::statement);
  if (!co_await store::keep_contract(*tx, provider, *contract, seen ? seen->revision : 0, now)) co_return std::nullopt;
  co_await database::Changes::tell(*tx, contract->user_id);
  if (seen && seen->user_id != contract->user_id) co_await database::Changes::tell(*tx, seen->user_id);
  if (contract->had_trial) co_await store::use_trial(*tx, contract->user_id, contract->offer.product, now);
  for (auto& each : invoices) co_await store::keep_payment(*tx, provider, *contract, std::move(each));
  if (is_news(seen, *contract)) co_await subscriptions_.plan_changed(*tx, contract->user_id, contract->offer.product);
  co_await tx->commit();
  subscriptions_.changed(contract->user_id, contract->offer.product);
  co_return Outcome::applied;
}

Task<void> Payments::refresh_overdue() {
  store::Key after;
  for (;;) {
    const auto some = co_await store::overdue(database_, clock_.now(), after, kBatch);
    for (const auto& each : some) {
      if (find(each.provider) == nullptr) continue;
      // One that cannot be read holds up no other; it is looked at again in an hour.
      const auto outcome = co_await settle(refresh(each.provider, each.id, ""));
      if (!outcome)
        log_.warning("billing.refresh_failed",
                     {{"provider", each.provider}, {"contract", each.id}, {"detail", describe(outcome.error())}});
    }
    if (std::ssize(some) < kBatch) break;
    after = some.back();
  }
  co_await store::prune_webhooks(database_, clock_.now() - kWebhooksKept);
}

}  // namespace odeon::billing
