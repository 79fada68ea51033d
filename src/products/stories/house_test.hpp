// Stories as their app uses them: real accounts, plans, database, storage and jobs, with a clock that a test moves.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>

#include "engine/jobs/endpoints.hpp"
#include "engine/media/feeds/private_feed_store.hpp"
#include "products/stories/avatars.hpp"
#include "products/stories/books.hpp"
#include "products/stories/custom_events.hpp"
#include "products/stories/event_jobs.hpp"
#include "products/stories/files.hpp"
#include "products/stories/illustrating.hpp"
#include "products/stories/import/imports.hpp"
#include "products/stories/leaving.hpp"
#include "products/stories/leftovers.hpp"
#include "products/stories/narrating.hpp"
#include "products/stories/offerings.hpp"
#include "products/stories/payment.hpp"
#include "products/stories/people.hpp"
#include "products/stories/personal_data.hpp"
#include "products/stories/private_feed.hpp"
#include "products/stories/reading_along.hpp"
#include "products/stories/tales.hpp"
#include "products/stories/writing.hpp"
#include "testing/product_house.hpp"

namespace odeon::stories {

// What calls cost, as the server writes it down.
class LedgerOfTests final : public ai::Meter {
 public:
  explicit LedgerOfTests(billing::Ledger& ledger) : ledger_(ledger) {}
  Task<void> record(ai::Metered call) override {
    co_await ledger_.record({.user_id = call.payer.user_id,
                             .product = call.payer.product,
                             .operation = call.task,
                             .model = call.model,
                             .cost = call.cost,
                             .tokens_in = call.usage.input_tokens,
                             .tokens_out = call.usage.output_tokens});
  }

 private:
  billing::Ledger& ledger_;
};

// A voice that hums, 60 milliseconds a word; what it was asked for, in order.
class HummingVoice final : public ai::SpeechModel {
 public:
  std::string name() const override { return "a/voice"; }
  bool speaks(const ai::SpeechRequest&) const override { return true; }
  std::vector<ai::VoiceInfo> voices() const override { return {{"nova", "", name()}, {"fable", "", name()}}; }
  Task<ai::Speech> speak(ai::SpeechRequest request) override {
    if (fault) throw *fault;
    if (auto call = std::exchange(meanwhile, nullptr)) co_await call();
    asked.push_back(request);
    Pcm audio{.rate = rate};
    const auto words = static_cast<int>(count_words(request.text));
    for (int i = 0; i < rate * 6 / 100 * words; ++i)
      audio.samples.push_back(0.2F * std::sin(1440.0F * static_cast<float>(i) / static_cast<float>(rate)));
    co_return ai::Speech{.audio = std::move(audio),
                         .model = name(),
                         .voice = request.voice,
                         .usage = {.characters = std::ssize(request.text)}};
  }
  std::optional<Error> fault;
  std::function<Task<void>()> meanwhile;  // once, before it hums
  int rate = 16'000;                      // Hz
  std::vector<ai::SpeechRequest> asked;
};

// A model that writes what it is told to; what it was asked for, in order.
class ToldWriter final : public ai::TextModel {
 public:
  std::string name() const override { return "a/writer"; }
  Task<ai::TextReply> complete(const ai::TextRequest& request, TraceContext) override {
    asked.push_back(request);
    if (fault) throw *fault;
    const std::string told = says;
    if (!after.empty()) says = after, after.clear();
    co_return ai::TextReply::of(told, name(), {.input_tokens = 1000, .output_tokens = 700});
  }
  std::optional<Error> fault;
  std::string says;
  std::string after;  // the first time, if any
  std::vector<ai::TextRequest> asked;
};

struct StoriesHouse : ::testing::Test, testing::ProductHouse {
  StoriesHouse() : ProductHouse(std::string(kProduct), {kTokens, kPersonsOwn, kWebhookEvents}, all_migrations()) {
    auto api = std::make_unique<http::Api>(std::string(kProduct), "Stories", std::make_unique<http::FlatFormat>());
    offerings.mount(*api);
    heroes.mount(*api);
    avatars.mount(*api);
    custom_events.mount(*api);
    tales.mount(*api);
    narrations.mount(*api);
    drawings.mount(*api);
    reading_along.mount(*api);
    books.mount(*api);
    private_feed.mount(*api);
    files.mount(*api);
    imports.mount(*api);
    media.mount(*api);
    payment.mount(*api);
    leaving.mount(*api);
    privacy_endpoints.mount(*api, privacy::Leaving::own);
    people.mount(*api);
    job_endpoints.mount(*api);
    webhook_desk.mount(*api);
    open(std::move(api));
    auto humming = std::make_unique<HummingVoice>();
    voice = humming.get();
    gateway.add(std::move(humming));
    writing.install(worker);
    narrating.install(worker);
    illustrating.install(worker);
    avatars.install(worker);
    event_jobs.install(worker);
    import_work.install(worker);
    sweeper.install(worker);
    loops.start();
    run_on(loops, worker.start());
    token = join();
  }
  ~StoriesHouse() override {
    run_on(loops, worker.stop());
    run_on(loops, gateway.stop());
    close();
    loops.stop();
    loops.join();
  }
  static std::vector<database::Migration> all_migrations() {
    auto all = migrations();
    std::ranges::move(feeds::migrations(), std::back_inserter(all));
    return all;
  }
  // Text by a model, from now on.
  ToldWriter& writer() {
    auto model = std::make_unique<ToldWriter>();
    ToldWriter& told = *model;
    gateway.add(std::move(model));
    return told;
  }

  // Somebody with a plan; their token.
  std::string join(const std::string& mail = "ada@example.com", const std::string& plan = "") {
    const auto in = run_task(door.sign_up({.mail = mail, .password = "Correct horse 1", .address = "127.0.0.1"}));
    if (!plan.empty()) run_task(subscriptions.set_plan(in.account.id, product, plan));
    ids[mail] = in.account.id;
    return in.tokens.access_token;
  }
  Reply see(const std::string& path, const std::string& who = "") { return get(path, who.empty() ? token : who); }
  Reply ask(const std::string& path, json::value body = json::object(), const std::string& who = "") {
    return post(path, std::move(body), who.empty() ? token : who);
  }
  Reply patch(const std::string& path, json::value body, const std::string& who = "") {
    return call(http::Method::patch, path, std::move(body), who.empty() ? token : who);
  }
  Reply remove(const std::string& path, const std::string& who = "") {
    return call(http::Method::delete_, path, nullptr, who.empty() ? token : who);
  }

  static json::object alice() {
    return {{"name", "Alice"},
            {"age", 7},
            {"traits", {"brave", "kind"}},
            {"appearance", "A girl with curly blonde hair and blue eyes"},
            {"abilities", json::array{"magic"}}};
  }
  std::string new_hero(json::object hero = alice()) {
    const auto reply = ask("/api/heroes", std::move(hero));
    EXPECT_EQ(reply.status, 201) << reply.body;
    return text(reply.at("hero").at("id"));
  }
  // A story that is written; with neither sound nor pictures, unless the request says so.
  std::string new_story(const std::string& hero, json::object more = {}) {
    json::object wish{{"heroId", hero}, {"eventType", "bedtime"}, {"generateAudio", false}};
    for (const auto& [key, value] : more) wish[key] = value;
    const auto reply = ask("/api/stories", std::move(wish));
    EXPECT_EQ(reply.status, 201) << reply.body
                                 << run_task(database->find<std::string>(
                                                 "SELECT COALESCE(error, '') FROM jobs WHERE kind = 'stories.write'"))
                                        .value_or("");
    return reply.status == 201 ? text(reply.at("story").at("id")) : "";
  }
  // Until that job has ended; how it did.
  jobs::State ended(const json::value& job) {
    const auto last = run_task(wait_for_job(queue, text(job.at("id")), std::chrono::seconds(60)));
    return last ? last->state : jobs::State::ready;
  }
  void take_premium() { run_task(subscriptions.set_plan(user(), product, "premium")); }
  // Until the story's sound is there.
  void wait_for_audio(const std::string& story) {
    const auto row = run_task(store::tale(*database, story));
    EXPECT_EQ(ended(json::object{{"id", row.value().audio_job_id.value()}}), jobs::State::completed);
  }
  std::string keep(const std::string& key, const std::string& bytes, const std::string& type) {
    run_task([](storage::Storage& storage, std::string key, std::string bytes, std::string type) -> Task<void> {
      co_await storage::put(storage, std::move(key), std::move(bytes), {.content_type = std::move(type)});
    }(*storage, key, bytes, type));
    return key;
  }
  std::vector<std::string> objects() {
    std::vector<std::string> keys;
    for (const auto& object : run_task(storage->list("", "", 1000)).objects) keys.push_back(object.key);
    return keys;
  }
  template <class T>
  static T run_on(Loops& loops, Task<T> task) {
    return asio::co_spawn(loops[0], std::move(task), asio::use_future).get();
  }
  static std::string text(const json::value& from) { return std::string(from.as_string()); }
  std::string user(const std::string& mail = "ada@example.com") { return ids.at(mail); }

  identity::Door door{accounts, sessions, proofs, {.product = std::string(kProduct)}};
  storage::FileSigner signer{std::string(32, 's'), clock};
  std::unique_ptr<storage::Storage> storage = storage::open_files(folder / "objects", pool, signer, clock);
  Media media{*storage, signer, clock};
  Heroes heroes{{*database, queue, media, log, clock}};
  LedgerOfTests meter{ledger};
  ai::Gateway gateway{clock, log, metrics, meter, {}};
  HummingVoice* voice = nullptr;
  Pace pace{*coordination};
  Telling telling{webhooks, media, "https://example.com/stories"};
  Authoring authoring{gateway, pool, log};
  Painter painter{{gateway, pool, log, clock}};
  Avatars avatars{
      {*database, *storage, queue, subscriptions, ledger, pace, heroes, authoring, painter, pool, log, clock}};
  CustomEvents custom_events{{*database, queue, subscriptions, pace, media, log, clock}};
  EventJobs event_jobs{{*database, *storage, gateway, painter, ledger, log, clock}};
  Narrations narrations{{*database, queue, subscriptions, pace, media, clock}};
  Narrating narrating{{*database, *storage, queue, gateway, ledger, telling, pool, clock}};
  Drawings drawings{{*database, queue, subscriptions, pace, media, clock}};
  Illustrating illustrating{{*database, *storage, ledger, telling, authoring, painter, log, clock}};
  Tales tales{{*database, queue, subscriptions, allowances, pace, media, narrations, log, clock}};
  Writing writing{{*database, allowances, ledger, narrations, drawings, telling, authoring, clock}};
  ReadingAlong reading_along{*database, media};
  Books books{*database, *storage, pool};
  PrivateFeed private_feed{*database, media, std::string(32, 'f'), clock};
  Files files{{*database, *storage, queue, media, pool, clock}};
  Imports imports{{*database, *storage, queue, clock}};
  ImportWork import_work{{*database, *storage, queue, pool, log, clock}};
  Offerings offerings{gateway};
  Payment payment{shop, subscriptions, allowances, ledger, clock};
  Leftovers sweeper{*database, *storage, clock};
  StoriesData data{*database, *storage};
  privacy::Exports exports{*storage, audit, consents, {&data}, pool, clock};
  privacy::MonthlyExports monthly_exports{*database, std::string(32, 'm'), clock};
  privacy::Erasures erasures{*database, queue, audit, {&data}, [](this auto, std::string) -> Task<void> { co_return; },
                             clock};
  privacy::Endpoints privacy_endpoints{
      std::string(kProduct), exports, monthly_exports, erasures, consents, audit, *database, clock};
  People people{{*database, door, accounts, sessions, subscriptions, allowances, clock}};
  Leaving leaving{{*database, privacy_endpoints, people, heroes, custom_events, tales, payment, clock}};
  jobs::Endpoints job_endpoints{queue};
  std::map<std::string, std::string> ids;  // by mail
  std::string token;
  Loops loops{1};
  jobs::Worker worker{queue, clock, log, metrics, {.backoff = std::chrono::milliseconds(0)}};
};

}  // namespace odeon::stories
