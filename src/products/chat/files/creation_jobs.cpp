#include "products/chat/files/creation_jobs.hpp"

#include "engine/storage/whole.hpp"
#include "products/chat/leftovers.hpp"
#include "products/chat/terms.hpp"

namespace odeon::chat {
namespace {

constexpr int kPercentBegun = 10, kPercentMade = 90;  // percent

Error made_nothing() {
  return Error(Fault::upstream, "NOTHING_MADE", "The AI model made nothing that can be shown.");
}

ai::Payer payer_of(const CreationRow& row) {
  return {.user_id = row.user_id, .product = std::string(kProduct), .tier = row.tier};
}

// What trying again does not help against; nothing for what may pass.
std::optional<Error> final_fault(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    if (error.code == ai::kDeclined) return Error(Fault::invalid, error.code, "The AI model declined to make this.");
    if (!error.may_pass()) return error;
  } catch (...) {
  }
  return std::nullopt;
}

std::string film_name(std::string_view media_type) {
  if (media_type == "video/mp4") return "1.mp4";
  if (media_type == "video/webm") return "1.webm";
  throw made_nothing();
}

}  // namespace

template <class Job>
void CreationJobs::install_one(jobs::Worker& worker) {
  worker.handle<Job>([this](Job job, jobs::Job& handle) { return make(std::move(job.id), handle); });
  worker.on_failure<Job>(
      [this](this auto, Job job, database::Transaction& transaction, std::string error) -> Task<void> {
        co_await store::mark_ended(transaction, std::move(job.id), CreationStatus::failed, "GENERATION_FAILED",
                                   std::move(error), rooms_.clock.now());
      });
}

void CreationJobs::install(jobs::Worker& worker) {
  install_one<DrawPictures>(worker);
  install_one<MakeFilm>(worker);
}

Task<void> CreationJobs::make(std::string id, jobs::Job& handle) {
  const auto row = co_await store::creation(rooms_.database, id);
  if (!row || !co_await store::mark_running(rooms_.database, id)) co_return;  // nobody wants it any more
  auto made = co_await made_before(id);
  if (!made) {
    const bool draws = row->kind == CreationKind::image;
    co_await handle.progress(kPercentBegun, draws ? "drawing" : "filming", draws ? "Drawing." : "Filming.");
    auto created = co_await settle(create(*row, handle.trace()));
    if (!created) {
      const auto fault = final_fault(created.error());
      if (!fault) std::rethrow_exception(created.error());
      co_await store::mark_ended(rooms_.database, id, CreationStatus::failed, fault->code, fault->message,
                                 rooms_.clock.now());
      throw *fault;
    }
    made = std::move(*created);
  }
  co_await handle.progress(kPercentMade, "storing", "Almost there.");
  auto transaction = co_await rooms_.database.begin(database::Isolation::statement);
  const bool wanted = co_await store::mark_ready(*transaction, id, std::move(*made), rooms_.clock.now());
  co_await handle.complete(*transaction);
  co_await transaction->commit();
  if (!wanted) co_await remove_folder(rooms_.storage, creation_folder(id));
}

Task<std::optional<Made>> CreationJobs::made_before(std::string id) {
  const auto document = co_await storage::bytes_of(rooms_.storage, creation_folder(id) + kMadeName);
  if (!document) co_return std::nullopt;
  co_return json::from<Made>(*document);
}

// Of all that is stored, what tells of it comes last.
Task<Made> CreationJobs::create(CreationRow row, TraceContext trace) {
  const std::string id = row.id;
  if (co_await terms_refused(rooms_.database, rooms_.clock, row.user_id))
    throw Error(Fault::forbidden, "CONSENT_REQUIRED", "You no longer agree to the terms, so this was not made.");
  auto made =
      row.kind == CreationKind::image ? co_await draw(std::move(row), trace) : co_await film(std::move(row), trace);
  co_await storage::put(rooms_.storage, creation_folder(id) + kMadeName, json::write(made),
                        {.content_type = "application/json"});
  co_return made;
}

Task<FileMade> CreationJobs::keep(std::string id, std::string name, std::string media_type, std::string bytes) {
  FileMade file{.name = std::move(name), .media_type = std::move(media_type), .bytes = std::ssize(bytes)};
  co_await storage::put(rooms_.storage, creation_folder(id) + file.name, std::move(bytes),
                        {.content_type = file.media_type});
  co_return file;
}

ai::NanoUsd CreationJobs::cost_of(const std::string& model, const ai::Usage& usage) const {
  const auto* offer = rooms_.gateway.catalogue().offer(model);
  return offer != nullptr ? ai::cost_of(usage, offer->price) : 0;
}

Task<Made> CreationJobs::draw(CreationRow row, TraceContext trace) {
  auto images = co_await rooms_.gateway.draw({.prompt = row.prompt,
                                              .width = static_cast<int>(row.wish.width),
                                              .height = static_cast<int>(row.wish.height),
                                              .count = static_cast<int>(row.wish.count),
                                              .model = row.wish.model,
                                              .trace = trace,
                                              .task = "chat.image",
                                              .payer = payer_of(row)});
  Made made{.files = {}, .model = images.model, .cost = cost_of(images.model, images.usage)};
  for (auto& picture : images.pictures) {
    const auto type = picture_type(picture.bytes);
    if (!type) continue;
    std::string name = fmt::format("{}{}", made.files.size() + 1, extension_of(*type));
    made.files.push_back(co_await keep(row.id, std::move(name), *type, std::move(picture.bytes)));
  }
  if (made.files.empty()) throw made_nothing();
  co_return made;
}

Task<Made> CreationJobs::film(CreationRow row, TraceContext trace) {
  ai::VideoRequest request{.prompt = row.prompt,
                           .width = static_cast<int>(row.wish.width),
                           .height = static_cast<int>(row.wish.height),
                           .seconds = static_cast<double>(row.wish.seconds),
                           .model = row.wish.model,
                           .trace = trace,
                           .task = "chat.video",
                           .payer = payer_of(row)};
  if (row.wish.image) {
    auto bytes = co_await rooms_.attachments.bytes_of(row.user_id, *row.wish.image);
    const auto type = bytes ? picture_type(*bytes) : std::nullopt;
    if (!type) throw Error(Fault::not_found, "ATTACHMENT_NOT_FOUND", "The picture to begin with is deleted.");
    request.beginning = ai::Picture{*type, std::move(*bytes), ""};
  }
  auto video = co_await rooms_.gateway.film(std::move(request));
  if (video.bytes.empty()) throw made_nothing();
  Made made{.files = {}, .model = video.model, .cost = cost_of(video.model, video.usage)};
  made.files.push_back(co_await keep(row.id, film_name(video.media_type), video.media_type, std::move(video.bytes)));
  co_return made;
}

}  // namespace odeon::chat
