#include "server/rooms.hpp"

#include <thread>

#include "base/crypto.hpp"
#include "server/letters.hpp"
#include "server/open.hpp"
#include "server/secrets.hpp"

namespace odeon::server {
namespace {

constexpr std::size_t kFileThreads = 4, kMailThreads = 2;
constexpr std::chrono::seconds kSilence{90};  // of a model between two words

std::size_t cores() {
  return std::max(1U, std::thread::hardware_concurrency());
}

// At most one byte more than a feed may have, which tells that it was more.
Task<std::string> read_bounded(ByteSource& source) {
  std::string body;
  std::array<char, 16384> buffer;
  while (body.size() <= briefings::kMaxFeedBytes) {
    const auto count = co_await source.read(buffer);
    if (count == 0) break;
    body.append(buffer.data(), count);
  }
  co_return body;
}

briefings::Fetch fetch_with(http::Client& client) {
  return [&client](this auto, std::string url, std::string etag, std::string modified) -> Task<briefings::Fetched> {
    http::ClientRequest request{.url = url, .follow_redirects = 3};
    request.headers.add("Accept", "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1");
    request.headers.add("User-Agent", "Odeon/0.1");
    if (!etag.empty()) request.headers.add("If-None-Match", etag);
    if (!modified.empty()) request.headers.add("If-Modified-Since", modified);
    auto response = co_await client.send(std::move(request));
    briefings::Fetched fetched{.status = response.status,
                               .content_type = std::string(response.headers.get("Content-Type")),
                               .etag = std::string(response.headers.get("ETag")),
                               .last_modified = std::string(response.headers.get("Last-Modified"))};
    fetched.body = co_await read_bounded(*response.body);
    co_return fetched;
  };
}

briefings::Call call_with(http::Client& client) {
  return [&client](this auto, briefings::CallRequest call) -> Task<briefings::CallReply> {
    http::ClientRequest request{.method = http::Method::post, .url = call.url, .body = call.body};
    for (auto& [name, value] : call.headers) request.headers.set(name, value);
    auto response = co_await client.send(std::move(request));
    briefings::CallReply reply{.status = response.status,
                               .retry_after = std::string(response.headers.get("Retry-After"))};
    reply.body = co_await read_bounded(*response.body);
    co_return reply;
  };
}

briefings::Order edition_order(const Settings& settings) {
  return {.feeds = settings.briefings_feeds,
          .voice = settings.briefings_voice,
          .opening_ad = settings.briefings_opening_ad,
          .closing_ad = settings.briefings_closing_ad};
}

notify::WebhookOptions webhook_options(const Settings& settings, const KeyRing& ring) {
  return {.allow_private = settings.webhooks_allow_private,
          .seal = [&ring](std::string secret) { return ring.seal(secret, notify::kWebhookSecret); },
          .open = [&ring](std::string secret) { return ring.open_or_plain(secret, notify::kWebhookSecret); }};
}

// What no API key opens, by product.
billing::PersonsOwn persons_own() {
  return {{std::string(briefings::kProduct), briefings::kPersonsOwn},
          {std::string(stories::kProduct), stories::kPersonsOwn},
          {std::string(chat::kProduct), chat::kPersonsOwn},
          {std::string(podcasts::kProduct), podcasts::kPersonsOwn},
          {std::string(studio::kProduct), studio::kPersonsOwn}};
}

// As people say it of themselves, in the members that Supabase's clients and outside issuers use.
Task<std::string> first_name_of(People& people, std::string user_id) {
  const auto account = co_await people.accounts.find(std::move(user_id));
  if (!account) co_return "";
  for (const auto* member : {"first_name", "given_name", "name", "full_name"})
    if (const auto* found = account->metadata.if_contains(member); found != nullptr && found->is_string()) {
      const std::string_view name = found->as_string();
      co_return std::string(name.substr(0, name.find(' ')));
    }
  co_return "";
}

}  // namespace

Sealed::Sealed(House::Rooms& rooms)
    : secrets(*rooms.database), signing_keys(*rooms.database), webhooks(*rooms.database) {}

Briefings::Briefings(House::Rooms& rooms)
    : store(*rooms.database),
      newsroom(store, fetch_with(rooms.client), rooms.files, rooms.clock, rooms.log),
      quotes(rooms.settings.briefings_quotes, fetch_with(rooms.client), rooms.files, rooms.clock, rooms.log),
      finlight({.key = rooms.settings.finlight_key, .base_url = rooms.settings.finlight_url}, call_with(rooms.client),
               rooms.files, rooms.clock, rooms.log),
      producer(newsroom, quotes, finlight, rooms.gateway, rooms.heavy, rooms.log),
      playback(store, rooms.queue, *rooms.storage, rooms.signer, rooms.subscriptions, rooms.clock),
      editions(store, playback, *rooms.coordination, rooms.gateway, rooms.subscriptions, rooms.clock,
               !rooms.settings.briefings_feeds.empty()),
      voices(rooms.gateway, rooms.settings.briefings_voice),
      account(store, voices, rooms.subscriptions, rooms.allowances, rooms.clock),
      payment(rooms.till.payments, rooms.settings.app_url),
      in_app(rooms.till.payments, account, rooms.till.app_store ? &*rooms.till.app_store : nullptr,
             rooms.till.google_play ? &*rooms.till.google_play : nullptr),
      portfolios(*rooms.database, store, quotes, rooms.subscriptions, rooms.allowances, rooms.clock),
      personal(*rooms.database, store, rooms.queue, *rooms.coordination, playback, quotes, voices, rooms.subscriptions,
               rooms.allowances, rooms.files, rooms.clock),
      schedules(*rooms.database, rooms.queue, personal, rooms.subscriptions, rooms.allowances, rooms.files,
                rooms.clock),
      private_feed(*rooms.database, store, rooms.signer, rooms.subscriptions,
                   shared_secret(*rooms.database, rooms.ring, "private feeds", rooms.clock), rooms.clock),
      keys(std::string(briefings::kProduct), rooms.people.keys, rooms.subscriptions),
      webhooks(std::string(briefings::kProduct), briefings::kWebhookEvents, rooms.webhooks),
      ready_webhooks(rooms.webhooks, playback, rooms.settings.link_base() + "/briefings"),
      analytics(*rooms.database, rooms.metrics, rooms.clock),
      alerts({*rooms.database, rooms.queue, *rooms.coordination, newsroom, quotes, rooms.push, rooms.subscriptions,
              rooms.heavy, rooms.clock},
             rooms.settings.briefings_feeds),
      devices(rooms.push),
      jobs(*rooms.database, store, rooms.queue, *rooms.storage, *rooms.coordination, rooms.subscriptions,
           rooms.allowances, producer, rooms.clock, edition_order(rooms.settings)),
      data(*rooms.database, *rooms.storage) {
  jobs.on_ready([this](this auto, database::Transaction& transaction, briefings::BriefingRow briefing) -> Task<void> {
    co_await devices.briefing_ready(transaction, briefing.user_id, briefing.id);
    co_await ready_webhooks.briefing_ready(transaction, std::move(briefing));
  });
  jobs.call_by([&people = rooms.people](std::string user_id) { return first_name_of(people, std::move(user_id)); });
}

House::Rooms::Rooms(Settings s)
    : settings(std::move(s)),
      log(settings.log_level),
      spans(settings.traces.endpoint.empty() ? Spans() : Spans({.ratio = settings.traces.ratio}, metrics)),
      files(kFileThreads),
      heavy(cores()),
      mailers(kMailThreads),
      hashing(cores()),
      loops(cores()),
      ring(open_ring(settings, clock, log)),
      database(open_database(settings, clock, log)),
      coordination(open_coordination(settings, clock)),
      client(http::ClientOptions{.idle_time = kSilence}),
      s3(client),
      signer(shared_secret(*database, ring, "signed addresses", clock), clock),
      storage(open_storage(settings, s3, files, signer, clock)),
      queue(*database, *coordination, clock),
      plans(read_plans(settings)),
      subscriptions(*database, plans, clock, settings.production ? std::string(billing::Sandbox::provider_name) : ""),
      allowances(*database, subscriptions, clock),
      leases(*database, allowances, clock, log),
      ledger(*database, clock),
      postings(ledger, clock, log),
      costs(*database, plans, clock, settings.production ? std::string(billing::Sandbox::provider_name) : ""),
      till(*this),
      overages(*database, queue, till.payments, allowances, subscriptions, clock),
      carrier(open_carrier(settings, client, files, clock)),
      push(*database, queue, *carrier, clock, log, metrics),
      postman(open_postman(settings, client, mailers, files, clock, log)),
      mail(*database, queue, *postman, clock, log, metrics, {.from = settings.mail_from}),
      digest(*database, costs, mail, clock, settings.digest_to),
      webhooks(*database, queue, clock, log, metrics, webhook_options(settings, ring)),
      meter(metrics, ledger, postings),
      cost_gauges(metrics, costs, plans, clock),
      budgets(*database, plans, allowances, leases),
      cache(*coordination),
      dialects(settings),
      gateway(clock, log, metrics, meter,
              {.catalogue = ai::Catalogue::from_toml(models_document(settings)),
               .budgets = &budgets,
               .spans = &spans,
               .cache = &cache}),
      routing(models_document(settings), gateway.catalogue()),
      people(*this),
      access(people.identity, subscriptions, persons_own()),
      plan_rates(access, subscriptions, *coordination),
      limiter(*coordination),
      uploads(*storage, clock),
      sealed(*this),
      router({plan_rates, limiter, uploads, clock}, log),
      system(*database, *coordination, *storage, signer, gateway, queue, cost_gauges, metrics, clock, router),
      job_endpoints(queue) {
  people.proofs.sent_by([this](database::Transaction& transaction, identity::ProofLetter letter) {
    return mail.send(transaction, mail_of(std::move(letter), settings.link_base()));
  });
  subscriptions.on_plan_change(
      [this](this auto, database::Transaction& transaction, billing::PlanChange change) -> Task<void> {
        auto data = json::parse(json::write(change)).as_object();
        auto details = data;
        details.erase("product");
        co_await privacy->audit.record(transaction, {.user_id = change.user_id,
                                                     .product = change.product,
                                                     .action = "plan_changed",
                                                     .details = std::move(details)});
        co_await webhooks.send(transaction, {.owner = change.user_id,
                                             .product = change.product,
                                             .type = std::string(notify::kSubscriptionChanged),
                                             .data = std::move(data)});
      });
  till.payments.ask_who_is_here([this](this auto, std::string user_id) -> Task<bool> {
    const auto account = co_await people.accounts.find(std::move(user_id));
    co_return account && !account->suspended_at;
  });
  allowances.on_warning(
      [this](this auto, database::Transaction& transaction, billing::UsageWarning warning) -> Task<void> {
        const auto account = co_await people.accounts.find(warning.user_id);
        if (!account || !account->mail) co_return;
        const auto& of = plans.of(warning.product);
        co_await mail.send(transaction, mail_of(std::move(warning), of, *account->mail, settings.link_base()));
      });
  yield_to_others(heavy, cores());
  yield_to_others(hashing, cores());
  add_models(gateway, dialects, client, clock, heavy, settings);
}

}  // namespace odeon::server
