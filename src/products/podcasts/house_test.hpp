// Podcasts as their app uses it: real accounts, plans, database, storage and jobs, with a clock that a test moves.
#pragma once

#include <gtest/gtest.h>

#include "base/ids.hpp"
#include "engine/jobs/endpoints.hpp"
#include "engine/notify/addresses.hpp"
#include "products/podcasts/artwork/artwork_api.hpp"
#include "products/podcasts/feed/feed.hpp"
#include "products/podcasts/import/imports.hpp"
#include "products/podcasts/intake/recording.hpp"
#include "products/podcasts/intake/uploads.hpp"
#include "products/podcasts/leftovers.hpp"
#include "products/podcasts/people.hpp"
#include "products/podcasts/personal_data.hpp"
#include "products/podcasts/publishing.hpp"
#include "products/podcasts/sound/processing_api.hpp"
#include "products/podcasts/sound/retagging.hpp"
#include "testing/kept_archive.hpp"
#include "testing/product_house.hpp"

namespace odeon::podcasts {

// As a bucket has it: no file of this machine.
class FarObject final : public ReadableObject {
 public:
  explicit FarObject(std::shared_ptr<ReadableObject> object) : object_(std::move(object)) {}
  std::uint64_t size() const override { return object_->size(); }
  Task<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    return object_->read_at(offset, into);
  }
  std::string content_type() const override { return object_->content_type(); }
  std::string etag() const override { return object_->etag(); }
  Instant modified() const override { return object_->modified(); }

 private:
  const std::shared_ptr<ReadableObject> object_;
};

// Files on disk, where what was uploaded in a form is found too.
class HouseStorage final : public storage::Storage {
 public:
  HouseStorage(std::unique_ptr<storage::Storage> files, testing::FakeUploads& uploads)
      : files_(std::move(files)), uploads_(uploads) {}
  Task<storage::Stored> put(std::string key, ByteSource& from, storage::PutOptions options) override {
    if (broken || (breaks > 0 && breaks-- > 0)) throw Error(Fault::invalid, "STORAGE_BROKEN", "The disk is gone.");
    auto stored = co_await files_->put(std::move(key), from, std::move(options));
    if (const auto call = std::exchange(after_put, nullptr)) co_await call();
    if (dies > 0 && dies-- > 0) throw Error(Fault::unavailable, "STORAGE_BROKEN", "It died before it could say so.");
    co_return stored;
  }
  Task<std::shared_ptr<ReadableObject>> get(std::string key) override {
    co_await take(key);
    auto object = co_await files_->get(std::move(key));
    if (far && object != nullptr) co_return std::make_shared<FarObject>(std::move(object));
    co_return object;
  }
  Task<std::optional<storage::Stored>> stat(std::string key) override {
    co_await take(key);
    co_return co_await files_->stat(std::move(key));
  }
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
  int breaks = 0;                         // so many of the next puts
  int dies = 0;                           // so many of the next puts are done, and say that they are not
  bool far = false;                       // no object is a file of this machine
  std::function<Task<void>()> after_put;  // of the next one

 private:
  Task<void> take(std::string key) {
    const auto found = uploads_.kept.find(key);
    if (found == uploads_.kept.end()) co_return;
    co_await storage::put(*files_, key, std::move(found->second), {});
    uploads_.kept.erase(key);
  }

  std::unique_ptr<storage::Storage> files_;
  testing::FakeUploads& uploads_;
};

// Takes every mail.
struct Mailboxes final : notify::Postman {
  Task<void> send(notify::Letter letter) override {
    letters.push_back(std::move(letter));
    co_return;
  }
  std::vector<notify::Letter> letters;
};

// As the server has it, but for the one address at which tests have hosts of their own.
inline bool is_other_host(std::span<const std::uint8_t> address) {
  constexpr std::array<std::uint8_t, 4> of_tests{127, 0, 0, 1};
  return std::ranges::equal(address, of_tests) || notify::is_public_address(address);
}

struct PodcastsHouse : ::testing::Test, testing::ProductHouse {
  explicit PodcastsHouse(double longest_seconds = media::RecordingOptions().max_seconds)
      : ProductHouse(std::string(kProduct), {kTokens, kPersonsOwn, kWebhookEvents}, migrations()),
        listening(folder / "scratch", early_bytes, clock, longest_seconds) {
    intakes.on_lost([this](Transaction& tx, Lost lost) {
      return announcements.failed(tx, std::move(lost.episode_id), std::move(lost.error), std::move(lost.job_id));
    });
    auto api = std::make_unique<http::Api>(std::string(kProduct), "Podcasts", std::make_unique<http::FlatFormat>());
    shows.mount(*api);
    episodes.mount(*api);
    artwork_api.mount(*api);
    recording.mount(*api);
    uploads.mount(*api);
    processing_api.mount(*api);
    imports.mount(*api);
    publishing.mount(*api);
    feed.mount(*api);
    job_endpoints.mount(*api);
    open(std::move(api));
    token = join();
  }

  // Somebody with a plan; their token.
  std::string join(const std::string& mail = "ada@example.com", const std::string& plan = "") {
    const auto in = run_task(door.sign_up({.mail = mail, .password = "Correct horse 1", .address = "127.0.0.1"}));
    if (!plan.empty()) run_task(subscriptions.set_plan(in.account.id, product, plan));
    ids[mail] = in.account.id;
    return in.tokens.access_token;
  }
  // After more than a week.
  std::string join_again() {
    return run_task(door.sign_in("ada@example.com", "Correct horse 1", "127.0.0.1")).tokens.access_token;
  }
  void take_plan(const std::string& plan) {
    run_task(subscriptions.set_plan(ids.at("ada@example.com"), product, plan));
    clock.advance(std::chrono::seconds(2));  // what was refused is forgotten
  }
  Reply put(const std::string& path, json::value body, const std::string& who = "") {
    return call(http::Method::put, path, std::move(body), who.empty() ? token : who);
  }
  Reply remove(const std::string& path, const std::string& who = "") {
    return call(http::Method::delete_, path, nullptr, who.empty() ? token : who);
  }
  std::string begin_podcast(const std::string& title = "The Morning After") {
    const auto reply = post("/api/podcasts", {{"title", title}}, token);
    EXPECT_EQ(reply.status, 201) << reply.body;
    return text(reply.at("id"));
  }
  std::string begin_episode(const std::string& podcast, const std::string& title = "Pilot") {
    const auto reply = post("/api/podcasts/" + podcast + "/episodes", {{"title", title}}, token);
    EXPECT_EQ(reply.status, 201) << reply.body;
    return text(reply.at("id"));
  }
  Reply see(const std::string& episode) { return get("/api/episodes/" + episode, token); }

  // A sound that has arrived; the id of the source.
  std::string bring(const std::string& episode, const std::string& bytes = "as it was recorded") {
    return run_task(bring_now(episode, bytes));
  }
  // What the work on audio does: the last source is finished. False if nobody wants it.
  bool finish(const std::string& source, const std::string& mp3, double seconds = 61.4) {
    return run_task(finish_now(source, mp3, seconds));
  }
  // An episode that can be published.
  std::string finished_episode(const std::string& podcast, const std::string& title = "Pilot") {
    const auto episode = begin_episode(podcast, title);
    EXPECT_TRUE(finish(bring(episode), "the mp3 of " + title));
    return episode;
  }

  // A form with a file.
  Reply send(const std::string& path, const std::vector<std::pair<std::string, std::string>>& fields,
             const std::string& file, const std::string& bytes, const std::string& who = "",
             const std::string& type = "audio/webm") {
    std::string form;
    for (const auto& [name, value] : fields)
      form += "--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    form += "--XX\r\nContent-Disposition: form-data; name=\"" + file +
            "\"; filename=\"take 1.webm\"\r\nContent-Type: " + type + "\r\n\r\n" + bytes + "\r\n--XX--\r\n";
    return {server.call(http::Method::post, "/" + product + path, form,
                        {{"Authorization", "Bearer " + (who.empty() ? token : who)},
                         {"Content-Type", "multipart/form-data; boundary=XX"}})};
  }
  // Runs this product's jobs that are due to their end.
  void run_jobs() { run_task(with_timeout(std::chrono::seconds(60), run_jobs_now())); }
  // The bytes of an episode's source.
  std::string source_of(const std::string& episode) {
    const auto row = run_task(store::episode(*database, episode));
    const auto source = run_task(store::audio(*database, row.value().source_id.value()));
    return bytes_of(source.value().storage_key);
  }
  std::string bytes_of(const std::string& key) {
    return run_task([](storage::Storage& storage, std::string key) -> Task<std::string> {
      const auto object = co_await storage.get(key);
      std::string bytes(object->size(), '\0');
      for (std::size_t at = 0; at < bytes.size();) at += co_await object->read_at(at, std::span(bytes).subspan(at));
      co_return bytes;
    }(storage, key));
  }

  // What of a meter is in use or held.
  std::int64_t used(const std::string& meter) {
    const auto of = run_task(allowances.of(ids.at("ada@example.com"), product, meter));
    return of.used + of.reserved;
  }
  std::vector<std::string> objects() {
    std::vector<std::string> keys;
    for (const auto& object : run_task(storage.list("", "", 1000)).objects) keys.push_back(object.key);
    for (const auto& [key, bytes] : server.uploads.kept) keys.push_back(key);
    return keys;
  }
  // What their programs were told of it.
  std::vector<std::string> told(std::string_view event) {
    std::vector<std::string> all;
    for (const auto& body : run_task(database->query<std::string>("SELECT body FROM notify_events ORDER BY id")))
      if (text(json::parse(body).at("type")) == event) all.push_back(body);
    return all;
  }
  static std::string text(const json::value& from) { return std::string(from.as_string()); }

  identity::Door door{accounts, sessions, proofs, {.product = std::string(kProduct)}};
  storage::FileSigner signer{std::string(32, 's'), clock};
  HouseStorage storage{storage::open_files(folder / "objects", pool, signer, clock), server.uploads};
  Audio audio{*database, allowances, clock};
  ThreadPool heavy{2};
  Artwork artwork{{*database, storage, allowances, heavy, clock}};
  ArtworkApi artwork_api{{*database, storage, queue, artwork, clock}};
  std::int64_t early_bytes = 1 << 30;
  Listening listening;
  Intakes intakes{{*database, storage, queue, allowances, audio, listening, clock}};
  Shows shows{{*database, queue, allowances, audio, artwork, intakes, clock}};
  Episodes episodes{{*database, signer, queue, audio, artwork, intakes, clock}};
  Recording recording{{*database, storage, queue, intakes, clock}};
  Uploads uploads{{*database, storage, queue, allowances, audio, intakes, listening, episodes, clock}};
  Mailboxes mailboxes;
  notify::Mail mail{*database, queue, mailboxes, clock, log, metrics, {}};
  SoundWork sound_work{heavy, folder / "scratch", listening};
  Announcements announcements{{webhooks, mail, accounts, signer, clock, "https://odeon.test/podcasts"}};
  Processing processing{{*database, storage, queue, subscriptions, audio, artwork, sound_work, announcements, clock}};
  ProcessingApi processing_api{{*database, queue, processing, clock}};
  TaggedSound tagged{*database, storage, audio, artwork, sound_work};
  Retagging retagging{*database, queue, tagged, clock};
  http::Client others{
      {.first_byte_time = std::chrono::seconds(2), .idle_time = std::chrono::seconds(2), .may_connect = is_other_host}};
  ImportIntake import_intake{shows, accounts, clock};
  FetchPlaces places{4};
  ImportWork import_work{
      {*database, storage, queue, allowances, others, places, audio, import_intake, sound_work, pool, clock}};
  Imports imports{{*database, storage, queue, allowances, import_intake, pool, clock}};
  Publishing publishing{{*database, queue, episodes, clock}};
  Feed feed{{*database, storage, signer, pool}};
  jobs::Endpoints job_endpoints{queue};
  Leftovers leftovers{*database, storage, clock};
  std::map<std::string, std::string> ids;        // by mail
  std::function<void(jobs::Worker&)> more_jobs;  // that are run beside the product's usual ones
  std::string token;

 protected:
  Task<void> run_jobs_now() {
    jobs::Worker worker{queue, clock, log, metrics, {.backoff = std::chrono::milliseconds(0)}};
    intakes.install(worker);
    leftovers.install(worker);
    publishing.install(worker);
    processing.install(worker);
    retagging.install(worker);
    import_work.install(worker);
    mail.install(worker);
    if (more_jobs) more_jobs(worker);
    co_await worker.start();
    for (const auto& id : co_await database->query<std::string>(
             "SELECT id FROM jobs WHERE state NOT IN ('completed', 'failed', 'cancelled') "
             "AND (kind LIKE 'podcasts.%' OR kind = 'notify.mail') AND run_at <= $1",
             clock.now()))
      co_await queue.watch(id, [](this auto, const jobs::Progress&) -> Task<bool> { co_return true; });
    co_await worker.stop();
  }
  Task<std::string> bring_now(std::string episode, std::string bytes) {
    AudioRow source{.user_id = ids.at("ada@example.com"),
                    .episode_id = episode,
                    .storage_key = audio_key(new_uuid(clock)),
                    .media_type = "audio/webm",
                    .name = "take 1.webm",
                    .bytes = std::ssize(bytes),
                    .counted = std::ssize(bytes)};
    co_await storage::put(storage, source.storage_key, bytes, {.content_type = source.media_type});
    auto tx = co_await database->begin();
    const auto held = co_await allowances.reserve(*tx, source.user_id, product, "storage", source.bytes);
    co_await allowances.settle(*tx, held.value());
    EXPECT_TRUE(co_await audio.arrive(*tx, source, {}));
    co_await tx->commit();
    const auto row = co_await store::episode(*database, episode);
    co_return row.value().source_id.value();
  }
  Task<bool> finish_now(std::string source, std::string mp3, double seconds) {
    const auto key = co_await audio.make(source);
    if (!key) co_return false;
    Finished finished{.storage_key = *key, .bytes = std::ssize(mp3), .seconds = seconds};
    co_await storage::put(storage, finished.storage_key, mp3, {.content_type = finished.media_type});
    auto tx = co_await database->begin();
    co_await audio.measured(*tx, source, seconds + 1);
    const bool wanted = co_await audio.finish(*tx, source, finished);
    co_await tx->commit();
    if (!wanted) co_await storage.remove(finished.storage_key);
    co_return wanted;
  }
};

}  // namespace odeon::podcasts
