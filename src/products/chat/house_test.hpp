// Chat as its app uses it: real accounts, plans, database and gateway; models that play a part.
#pragma once

#include <gtest/gtest.h>

#include "engine/http/sse_reader.hpp"
#include "engine/jobs/endpoints.hpp"
#include "products/chat/answers.hpp"
#include "products/chat/comparing/multi_model.hpp"
#include "products/chat/conversations.hpp"
#include "products/chat/files/creation_jobs.hpp"
#include "products/chat/files/creations.hpp"
#include "products/chat/memory/memories.hpp"
#include "products/chat/people.hpp"
#include "products/chat/personal_data.hpp"
#include "products/chat/retention.hpp"
#include "products/chat/shares.hpp"
#include "testing/kept_archive.hpp"
#include "testing/kept_calls.hpp"
#include "testing/played_model.hpp"
#include "testing/product_house.hpp"
#include "testing/shelf.hpp"

namespace odeon::chat {

// What a call may cost is held of the plan's budget, as the server does it.
class HeldBudgets final : public ai::Budgets {
 public:
  HeldBudgets(database::Database& database, billing::Allowances& allowances)
      : database_(database), allowances_(allowances) {}
  Task<std::string> reserve(ai::Payer payer, ai::NanoUsd most) override {
    auto tx = co_await database_.begin(database::Isolation::statement);
    auto held = co_await allowances_.reserve(*tx, payer.user_id, payer.product, kSpend, std::max<ai::NanoUsd>(most, 1));
    if (!held) throw held.error().error("daily_budget_exceeded", "It is used up.", Fault::payment_required);
    co_await tx->commit();
    co_return *held;
  }
  Task<void> settle(std::string reservation, ai::NanoUsd cost) override {
    auto tx = co_await database_.begin(database::Isolation::statement);
    co_await allowances_.settle(*tx, std::move(reservation), cost);
    co_await tx->commit();
  }

 private:
  database::Database& database_;
  billing::Allowances& allowances_;
};

using testing::Play;
using testing::says;

inline ai::TextEvents ends(ai::Finish finish = ai::Finish::stop) {
  return {ai::Finished{.finish = finish, .usage = {.input_tokens = 1'000, .output_tokens = 100}}};
}

// A body's reader: goes away once it has read `until`, if that is not empty.
class Reader final : public http::BodyWriter {
 public:
  explicit Reader(std::string until = "") : until_(std::move(until)) {}
  Task<void> write(std::string_view bytes) override {
    co_await sleep_on_loop(std::chrono::seconds(0));
    if (gone()) throw boost::system::system_error(asio::error::broken_pipe);
    text += bytes;
    ++writes;
  }
  bool gone() const { return !until_.empty() && text.contains(until_); }
  std::string text;
  int writes = 0;

 private:
  std::string until_;
};

struct Told {
  std::string event;
  json::value data;
};
inline std::vector<Told> told_in(std::string_view bytes) {
  http::EventStreamParser parser(1 << 20);
  std::vector<Told> all;
  while (auto event = parser.next(bytes)) all.push_back({event->event, json::parse(event->data)});
  return all;
}
inline std::string names_of(const std::vector<Told>& events) {
  std::string names;
  for (const auto& each : events) names += (names.empty() ? "" : " ") + each.event;
  return names;
}

// Files on disk, where uploads are found too.
class HouseStorage final : public storage::Storage {
 public:
  HouseStorage(std::unique_ptr<storage::Storage> files, testing::FakeUploads& uploads)
      : files_(std::move(files)), uploads_(uploads) {}
  Task<storage::Stored> put(std::string key, ByteSource& from, storage::PutOptions options) override {
    if (broken) throw Error(Fault::unavailable, "STORAGE_UNAVAILABLE", "The disk is full.");
    co_return co_await files_->put(std::move(key), from, std::move(options));
  }
  Task<std::shared_ptr<ReadableObject>> get(std::string key) override {
    if (const auto found = uploads_.kept.find(key); found != uploads_.kept.end())
      co_await storage::put(*files_, key, found->second, {});
    co_return co_await files_->get(std::move(key));
  }
  Task<std::optional<storage::Stored>> stat(std::string key) override { return files_->stat(std::move(key)); }
  Task<void> remove(std::string key) override {
    uploads_.kept.erase(key);
    return files_->remove(std::move(key));
  }
  Task<storage::Page> list(std::string prefix, std::string cursor, std::size_t limit) override {
    return files_->list(std::move(prefix), std::move(cursor), limit);
  }
  std::string sign_read(std::string_view key, std::chrono::seconds lifetime) override {
    return files_->sign_read(key, lifetime);
  }
  storage::UploadGrant sign_upload(std::string_view key, std::uint64_t size, std::string content_type,
                                   std::chrono::seconds lifetime) override {
    return files_->sign_upload(key, size, std::move(content_type), lifetime);
  }
  Task<void> ping() override { return files_->ping(); }

  bool broken = false;

 private:
  std::unique_ptr<storage::Storage> files_;
  testing::FakeUploads& uploads_;
};

struct ChatHouse : ::testing::Test, testing::ProductHouse {
  explicit ChatHouse(LearningPace pace = LearningPace::at_once)
      : ProductHouse(std::string(kProduct), {kTokens, kPersonsOwn, kWebhookEvents}, migrations()), pace_(pace) {
    auto api = std::make_unique<http::Api>(std::string(kProduct), "Chat", std::make_unique<http::FlatFormat>());
    conversations.mount(*api);
    answers.mount(*api);
    attachments.mount(*api);
    creations.mount(*api);
    job_endpoints.mount(*api);
    multi_model.mount(*api);
    shares.mount(*api);
    retention.mount(*api);
    memories.mount(*api);
    open(std::move(api));
  }
  ~ChatHouse() override { run_task(gateway.stop()); }

  std::shared_ptr<Play> model(std::string name, std::vector<ai::TextEvents> reads) {
    auto play = std::make_shared<Play>();
    play->reads = std::move(reads);
    gateway.add(std::make_unique<testing::PlayedModel>(std::move(name), play));
    return play;
  }
  // Somebody with a plan; their token.
  std::string join(const std::string& mail = "ada@example.com", const std::string& plan = "pro") {
    const auto in = run_task(door.sign_up({.mail = mail, .password = "Correct horse 1", .address = "127.0.0.1"}));
    if (!plan.empty()) run_task(subscriptions.set_plan(in.account.id, product, plan));
    ids[mail] = in.account.id;
    agree(mail);
    return in.tokens.access_token;
  }

  // To the terms, or no longer.
  void agree(const std::string& mail, bool granted = true) {
    run_task(consents.decide(*database, ids.at(mail), product, std::string(kTermsConsent), granted, "2026-11"));
  }

  // One object.
  Reply ask(const std::string& token, json::object question, const std::string& path = "/api/chat") {
    return call(http::Method::post, path, std::move(question), token, {{"Accept", "application/json"}});
  }
  // Events.
  std::vector<Told> hear(const std::string& token, json::object question, const std::string& path = "/api/chat") {
    const auto reply = post(path, std::move(question), token);
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.headers.get("Content-Type"), "text/event-stream");
    return told_in(reply.body);
  }
  std::int64_t used(const std::string& meter, const std::string& mail = "ada@example.com") {
    const auto of = run_task(allowances.of(ids.at(mail), product, meter));
    return of.used + of.reserved;
  }
  std::size_t listed(const std::string& token) {
    return get("/api/conversations?limit=100", token).at("conversations").as_array().size();
  }
  // Keys of all objects; what is uploaded and not taken, included.
  std::vector<std::string> objects() {
    std::vector<std::string> keys;
    for (const auto& object : run_task(storage.list("", "", 1000)).objects) keys.push_back(object.key);
    for (const auto& [key, bytes] : server.uploads.kept) keys.push_back(key);
    return keys;
  }
  Reply upload(const std::string& token, const std::string& name, const std::string& type, const std::string& bytes) {
    const std::string form = "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
                             "\"\r\nContent-Type: " + type + "\r\n\r\n" + bytes + "\r\n--XX--\r\n";
    return {server.call(http::Method::post, "/" + product + "/api/attachments", form,
                        {{"Authorization", "Bearer " + token}, {"Content-Type", "multipart/form-data; boundary=XX"}})};
  }
  // The id of a file that is taken.
  std::string attach(const std::string& token, const std::string& name, const std::string& type,
                     const std::string& bytes) {
    const auto reply = upload(token, name, type, bytes);
    EXPECT_EQ(reply.status, 201) << reply.body;
    return text(reply.at("id"));
  }
  static std::string text(const json::value& from) { return std::string(from.as_string()); }

  const LearningPace pace_;
  testing::KeptCalls meter;
  HeldBudgets budgets{*database, allowances};
  testing::Shelf shelf;
  ai::Gateway gateway{clock,
                      log,
                      metrics,
                      meter,
                      {.catalogue = ai::Catalogue::from_toml(ai::Catalogue::standard_document()),
                       .budgets = &budgets,
                       .cache = &shelf}};
  ai::Routing routing{ai::Catalogue::standard_document(), gateway.catalogue()};
  identity::Door door{accounts, sessions, proofs, {.product = std::string(kProduct)}};
  Conversations conversations{*database, allowances};
  ModelChoice choice{gateway, routing};
  Asking asking{*database, subscriptions, allowances, clock};
  MemoryIndex index{*database, gateway, subscriptions, queue, clock};
  Recall recall{*database, index};
  Remembering remembering{{*database, asking, gateway, choice, index, queue, clock, pace_}};
  storage::FileSigner signer{std::string(32, 's'), clock};
  HouseStorage storage{storage::open_files(folder / "objects", pool, signer, clock), server.uploads};
  Attachments attachments{{*database, storage, signer, asking, clock}};
  Creations creations{{*database, storage, signer, queue, gateway, asking, clock}};
  CreationJobs creation_jobs{{*database, storage, gateway, attachments, clock}};
  jobs::Endpoints job_endpoints{queue};
  Replies replies{*database, asking, attachments, remembering, gateway, choice, clock};
  Answers answers{asking, attachments, recall, replies, choice};
  Comparing comparing{gateway, asking, choice};
  MultiModel multi_model{asking, attachments, recall, replies, comparing, choice};
  Memories memories{*database, subscriptions, index, clock};
  Shares shares{*database, clock};
  Retention retention{*database, storage, allowances, clock};
  std::map<std::string, std::string> ids;  // by mail
};

}  // namespace odeon::chat
