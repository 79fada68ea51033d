// A product with everything that it stands on, in one process: real accounts, sessions, plans and the sandbox's
// checkout, on a scratch database with a clock that a test moves. Its tests are its users.
#pragma once

#include <gtest/gtest.h>

#include "base/metrics.hpp"
#include "engine/billing/allowances.hpp"
#include "engine/billing/api_access.hpp"
#include "engine/billing/currencies.hpp"
#include "engine/billing/ledger.hpp"
#include "engine/billing/overage.hpp"
#include "engine/billing/personal_data.hpp"
#include "engine/billing/plan_rates.hpp"
#include "engine/billing/sandbox_pages.hpp"
#include "engine/billing/shop.hpp"
#include "engine/coordination/coordination.hpp"
#include "engine/identity/door.hpp"
#include "engine/identity/identity.hpp"
#include "engine/identity/personal_data.hpp"
#include "engine/jobs/worker.hpp"
#include "engine/notify/push.hpp"
#include "engine/notify/webhook_endpoints.hpp"
#include "engine/privacy/endpoints.hpp"
#include "testing/clock.hpp"
#include "testing/database.hpp"
#include "testing/http.hpp"
#include "testing/scratch.hpp"

namespace odeon::testing {

class ProductHouse {
 public:
  // What a product says of itself.
  struct Manner {
    identity::TokenPolicy tokens;
    std::span<const std::string_view> persons_own;
    std::span<const std::string_view> webhook_events;
  };
  ProductHouse(std::string name, Manner manner, std::vector<database::Migration> more = {})
      : product(std::move(name)),
        sessions(*database, access, clock, log, {.policies = identity::TokenPolicies({{product, manner.tokens}})}),
        webhook_desk(product, manner.webhook_events, webhooks),
        key_access(identity, subscriptions, {{product, manner.persons_own}}) {
    auto all = jobs::migrations();
    for (auto part :
         {identity::migrations(), billing::migrations(), notify::migrations(), privacy::migrations(), std::move(more)})
      std::ranges::move(part, std::back_inserter(all));
    run_task([](ProductHouse& self, std::vector<database::Migration> all) -> Task<> {
      static_cast<void>(co_await database::migrate(*self.database, std::move(all), self.clock));
    }(*this, std::move(all)));
    proofs.sent_by([this](this auto, database::Transaction&, identity::ProofLetter letter) -> Task<void> {
      letters.push_back(std::move(letter));
      co_return;
    });
    sandbox.on_event([this](this auto, std::string body, http::Headers headers) -> Task<void> {
      co_await payments.receive("sandbox", std::move(body), std::move(headers));
    });
    payments.add(sandbox);
    subscriptions.on_plan_change(
        [this](this auto, database::Transaction& transaction, billing::PlanChange change) -> Task<void> {
          co_await webhooks.send(transaction, {.owner = change.user_id,
                                               .product = change.product,
                                               .type = std::string(notify::kSubscriptionChanged),
                                               .data = json::parse(json::write(change))});
        });
  }

  // Mounts the product's API beside the sandbox's pages; the server's own comes first.
  void open(std::unique_ptr<http::Api> api) {
    server.add(pages.api());
    server.add(std::move(api));
  }

  struct Reply : HttpReply {
    json::value at(std::string_view name) const { return json().at(name); }
  };
  Reply call(http::Method method, const std::string& path, json::value body = nullptr, const std::string& token = "",
             HttpServer::HeaderList headers = {}) {
    if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
    if (!body.is_null()) headers.emplace_back("Content-Type", "application/json");
    return {server.call(method, "/" + product + path, body.is_null() ? "" : json::write(body), std::move(headers))};
  }
  Reply get(const std::string& path, const std::string& token = "") {
    return call(http::Method::get, path, nullptr, token);
  }
  Reply post(const std::string& path, json::value body = json::object(), const std::string& token = "") {
    return call(http::Method::post, path, std::move(body), token);
  }

  // Pays at the sandbox's page, and lets what follows from that happen.
  void pay(std::string_view checkout_url) {
    const std::string path(checkout_url.substr(checkout_url.find("/pay/sandbox")));
    EXPECT_EQ(server.post(path + "/pay", "", {{"Content-Type", "application/x-www-form-urlencoded"}}).status, 303);
    work();
  }

  // Runs billing's jobs to their end.
  void work() {
    run_task(with_timeout(std::chrono::seconds(60), [](ProductHouse& self) -> Task<void> {
      jobs::Worker worker{self.queue, self.clock, self.log, self.metrics, {}};
      self.payments.install(worker);
      self.overages.install(worker);
      co_await worker.start();
      for (const auto& id : co_await self.database->query<std::string>(
               "SELECT id FROM jobs WHERE state NOT IN ('completed', 'failed', 'cancelled') AND kind LIKE 'billing.%'"))
        co_await self.queue.watch(id, [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; });
      co_await worker.stop();
    }(*this)));
  }

  // What people's programs are going to be told, in order.
  std::vector<json::value> events() {
    std::vector<json::value> all;
    for (const auto& body : run_task(database->query<std::string>("SELECT body FROM notify_events ORDER BY id")))
      all.push_back(json::parse(body));
    return all;
  }

  // Before loops of a test's own go: threads that worked for them may still be about to tell them so.
  void close() {
    run_task(database->close());
    pool.join();
  }

  // Uses as much of a meter as the product's features would; false if it was refused.
  bool use(const std::string& user_id, const std::string& meter, std::int64_t amount = 1) {
    return run_task([](ProductHouse& self, std::string user_id, std::string meter, std::int64_t amount) -> Task<bool> {
      auto tx = co_await self.database->begin();
      const auto held = co_await self.allowances.reserve(*tx, user_id, self.product, meter, amount);
      if (!held) co_return false;
      co_await self.allowances.settle(*tx, *held);
      co_await tx->commit();
      co_return true;
    }(*this, user_id, meter, amount));
  }

  std::string product;
  ScratchFolder folder;
  FakeClock clock;
  Log log{Log::Level::off};
  Metrics metrics;
  ThreadPool pool{2};
  std::unique_ptr<database::Database> database = open_database(folder);
  std::unique_ptr<coordination::Coordination> coordination = coordination::open_memory({}, clock);
  jobs::Queue queue{*database, *coordination, clock};

  identity::Passwords passwords{pool, {.operations = 1, .memory = 8192}};
  KeyRing ring{{{"one", std::string(32, '1')}}};
  identity::AccessTokens access{*database, ring, clock, {.issuer = "https://odeon.test/auth/v1"}};
  identity::Sessions sessions;
  identity::Accounts accounts{*database, passwords, sessions, *coordination, clock, {}};
  identity::ApiKeys keys{*database, clock};
  identity::OutsideTokens outside{{}, {}, *coordination, clock, log};
  identity::SessionCookies cookies{std::string(32, 'c')};
  identity::Identity identity{access, sessions, accounts, keys, outside, cookies, clock, {}};
  identity::Proofs proofs{*database, *coordination, std::string(32, 'p'), clock};
  std::vector<identity::ProofLetter> letters;

  billing::Plans plans = billing::Plans::standard();
  billing::Subscriptions subscriptions{*database, plans, clock};
  billing::Allowances allowances{*database, subscriptions, clock};
  billing::Ledger ledger{*database, clock};
  billing::Payments payments{*database, queue, subscriptions, clock, log};
  billing::Overages overages{*database, queue, payments, allowances, subscriptions, clock};
  billing::Sandbox sandbox{*database, plans, clock, "sandbox secret"};
  billing::SandboxPages pages{sandbox};
  billing::Storefront shop{payments, product, ""};

  privacy::Audit audit{*database, std::string(32, 'a'), clock};
  privacy::Consents consents{*database, clock};
  billing::ApiAccess api_access{product, keys, subscriptions};
  notify::Webhooks webhooks{*database, queue, clock, log, metrics, {}};
  notify::WebhookDesk webhook_desk;
  billing::KeyAccess key_access;
  billing::PlanRates plan_rates{key_access, subscriptions, *coordination};
  HttpServer server{plan_rates};  // dies first: it uses the others
};

}  // namespace odeon::testing
