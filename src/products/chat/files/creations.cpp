#include "products/chat/files/creations.hpp"

#include <charconv>

#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "engine/http/request_key.hpp"
#include "products/chat/apis/question.hpp"
#include "products/chat/conversations.hpp"
#include "products/chat/files/creation_jobs.hpp"
#include "products/chat/leftovers.hpp"
#include "products/chat/money.hpp"
#include "products/chat/unanswered.hpp"

namespace odeon::chat {
namespace {

constexpr std::int64_t kSmallest = 256, kLargest = 2048;  // pixels
constexpr std::int64_t kUsualSeconds = 5;
constexpr int kCreatedAtOnce = 2, kMostAttempts = 3;
constexpr std::size_t kModelNameShown = 100;

struct Shape {
  std::int64_t width, height;
};

std::optional<std::int64_t> pixels(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size() || number < kSmallest || number > kLargest)
    return std::nullopt;
  return number;
}

Shape shape_of(const std::optional<Text<1, 20>>& size, Shape usual) {
  if (!size) return usual;
  if (*size == "square") return {1024, 1024};
  if (*size == "landscape") return {1280, 720};
  if (*size == "portrait") return {720, 1280};
  const auto cross = size->find('x');
  const std::string_view text(*size);
  const auto width = pixels(text.substr(0, cross)),
             height = cross == std::string::npos ? std::nullopt : pixels(text.substr(cross + 1));
  if (!width || !height)
    throw fault_at("size", "VALIDATION_ERROR",
                   fmt::format("This must be WIDTHxHEIGHT, each {} to {}, or square, landscape or portrait.", kSmallest,
                               kLargest));
  return {*width, *height};
}

Error no_such_creation() {
  return Error(Fault::not_found, "CREATION_NOT_FOUND", "There is no such picture or film.");
}

Error nobody_makes(ai::ModelKind kind) {
  const bool draws = kind == ai::ModelKind::image;
  return Error(Fault::unavailable, draws ? "NO_IMAGE_MODEL" : "NO_VIDEO_MODEL",
               draws ? "No model that draws is set up here. Whoever runs this server can set one up by giving it the "
                       "key of a provider that has some: fal.ai (FAL_KEY), OpenAI or Gemini."
                     : "No model that makes films is set up here. Whoever runs this server can set one up by giving it "
                       "the key of fal.ai (FAL_KEY).");
}

bool is_ended(CreationStatus status) {
  return status != CreationStatus::queued && status != CreationStatus::running;
}

}  // namespace

void Creations::mount(http::Api& api) {
  http::mount(api, draw_pictures, &Creations::draw, *this);
  http::mount(api, make_film, &Creations::film, *this);
  http::mount(api, list_images, &Creations::images, *this);
  http::mount(api, list_videos, &Creations::videos, *this);
  http::mount(api, read_creation, &Creations::read, *this);
  http::mount(api, cancel_creation, &Creations::cancel, *this);
  http::mount(api, delete_creation, &Creations::remove, *this);
  http::mount(api, creation_content, &Creations::content, *this);
}

// Its name in the catalogue, or "provider/model" where it stands in none.
std::string Creations::model_of(std::string_view asked, ai::ModelKind kind) const {
  const auto names = rooms_.gateway.names(kind);
  if (names.empty()) throw nobody_makes(kind);
  if (asked.empty() || asked == kAuto) return "";
  if (std::ranges::find(names, asked) != names.end()) return std::string(asked);
  const auto* card = rooms_.gateway.catalogue().find(asked, kind);
  if (card == nullptr)
    throw fault_at("model", "UNKNOWN_MODEL",
                   "There is no such model: " + std::string(text::prefix(asked, kModelNameShown)) + ".");
  const auto cards = rooms_.gateway.models(kind);
  if (std::ranges::find(cards, card) == cards.end())
    throw Error(Fault::unavailable, "MODEL_UNAVAILABLE", "This model is not set up here. Please ask another one.")
        .with_retry_after(kTryAgain);
  return card->name;
}

Task<http::Accepted<CreationShown>> Creations::draw(http::Caller caller, DrawRequest request) {
  const auto shape = shape_of(request.size, {1024, 1024});
  CreationRow row{.conversation_id = request.conversation_id, .kind = CreationKind::image, .prompt = request.prompt};
  row.wish = {.width = shape.width,
              .height = shape.height,
              .count = request.count.value_or(Int<1, 4>(1)),
              .model = request.model.value_or("")};
  row = co_await ask(caller, std::move(row));
  co_return http::Accepted<CreationShown>{co_await shown_now(std::move(row), std::move(caller))};
}

Task<http::Accepted<CreationShown>> Creations::film(http::Caller caller, FilmRequest request) {
  const auto shape = shape_of(request.size, {1280, 720});
  CreationRow row{.conversation_id = request.conversation_id, .kind = CreationKind::video, .prompt = request.prompt};
  row.wish = {.width = shape.width,
              .height = shape.height,
              .seconds = request.seconds.value_or(Int<1, 10>(kUsualSeconds)),
              .model = request.model.value_or(""),
              .image = request.image};
  row = co_await ask(caller, std::move(row));
  co_return http::Accepted<CreationShown>{co_await shown_now(std::move(row), std::move(caller))};
}

Task<CreationRow> Creations::ask(http::Caller caller, CreationRow row) {
  row.user_id = caller.user_id;
  row.request_key = http::request_key_of(caller);
  if (row.request_key)
    if (auto known = co_await store::creation_of_request(rooms_.database, row.user_id, *row.request_key))
      co_return std::move(*known);
  const bool draws = row.kind == CreationKind::image;
  const Asker asker = co_await rooms_.asking.asker(caller);
  if (!asker.plan->has(draws ? "image_generation" : "video_generation"))
    throw Error(Fault::forbidden, "UPGRADE_REQUIRED",
                draws ? "Your plan does not include pictures." : "Films are part of the plan ULTRA.")
        .with_upgrade_url(asker.upgrade_url);
  if (text::trim(row.prompt).empty()) throw fault_at("prompt", "VALIDATION_ERROR", "There is nothing to make.");
  row.wish.model = model_of(row.wish.model, draws ? ai::ModelKind::image : ai::ModelKind::video);
  row.tier = asker.plan->name;
  co_await check(row);
  co_return co_await enqueue(std::move(row), caller.trace);
}

Task<void> Creations::check(CreationRow row) {
  if (row.conversation_id) co_await own_conversation(rooms_.database, row.user_id, *row.conversation_id);
  if (!row.wish.image) co_return;
  const auto picture = co_await store::attachment(rooms_.database, row.user_id, *row.wish.image);
  if (!picture)
    throw Error(Fault::not_found, "ATTACHMENT_NOT_FOUND", "There is no such file.")
        .with_fields({{"image", "ATTACHMENT_NOT_FOUND", "There is no such file."}});
  if (!is_picture(picture->media_type)) throw fault_at("image", "VALIDATION_ERROR", "This must be a picture.");
}

// Stored and queued at once, or not at all.
Task<CreationRow> Creations::enqueue(CreationRow row, TraceContext trace) {
  row.id = new_uuid(rooms_.clock);
  row.created_at = rooms_.clock.now();
  const jobs::EnqueueOptions options{
      .lane = row.user_id, .lane_limit = kCreatedAtOnce, .max_attempts = kMostAttempts, .trace = trace};
  auto transaction = co_await rooms_.database.begin(database::Isolation::statement);
  const auto job = row.kind == CreationKind::image
                       ? co_await rooms_.queue.enqueue(*transaction, DrawPictures{row.id}, options)
                       : co_await rooms_.queue.enqueue(*transaction, MakeFilm{row.id}, options);
  row.job_id = job.id;
  if (co_await store::add(*transaction, row)) {
    co_await transaction->commit();
    co_return row;
  }
  // The same request was faster.
  transaction.reset();
  auto known = co_await store::creation_of_request(rooms_.database, row.user_id, *row.request_key);
  if (!known)
    throw Error(Fault::unavailable, "REQUEST_UNDER_WAY", "This request is just being taken. Please try again.")
        .with_retry_after(std::chrono::seconds(1));
  co_return std::move(*known);
}

CreationShown Creations::shown(const CreationRow& row, const http::Caller& caller) const {
  CreationShown creation{.id = row.id,
                         .kind = row.kind,
                         .status = row.status,
                         .prompt = row.prompt,
                         .conversation_id = row.conversation_id,
                         .job_id = row.job_id,
                         .created_at = row.created_at,
                         .ended_at = row.ended_at};
  for (const auto& file : row.files)
    creation.files.push_back(
        {fmt::format("{}/api/creations/{}/files/{}?{}", caller.base_url, row.id, file.name,
                     rooms_.signer.read_query(creation_folder(row.id) + file.name, kAddressLifetime)),
         file.media_type, file.bytes});
  if (row.status == CreationStatus::ready) {
    const auto* card = rooms_.gateway.catalogue().find(row.model);
    creation.model = card != nullptr ? card->name : row.model;
    creation.cost_usd = dollars(row.cost);
  }
  if (!row.error_code.empty()) creation.error = CreationFault{row.error_code, row.error};
  return creation;
}

Task<CreationShown> Creations::shown_now(CreationRow row, http::Caller caller) {
  auto creation = shown(row, caller);
  if (is_ended(row.status)) co_return creation;
  if (const auto progress = co_await rooms_.queue.progress(row.job_id)) {
    creation.percent = progress->percent;
    creation.estimated_seconds = progress->estimated_seconds;
  }
  co_return creation;
}

Task<CreationList> Creations::images(http::Caller caller, ListCreations request) {
  return list(std::move(caller), CreationKind::image, std::move(request));
}
Task<CreationList> Creations::videos(http::Caller caller, ListCreations request) {
  return list(std::move(caller), CreationKind::video, std::move(request));
}

Task<CreationList> Creations::list(http::Caller caller, CreationKind kind, ListCreations request) {
  if (!request.cursor.empty() && !is_uuid(request.cursor))
    throw fault_at("cursor", "VALIDATION_ERROR", "This must be the next_cursor of an earlier answer.");
  const std::int64_t limit = request.limit;
  auto rows = co_await store::creations(rooms_.database, caller.user_id, kind, request.conversation_id.value_or(""),
                                        request.cursor, limit + 1);
  CreationList list;
  if (std::ssize(rows) > limit) {
    rows.pop_back();
    list.next_cursor = rows.back().id;
  }
  for (const auto& row : rows) list.creations.push_back(shown(row, caller));
  co_return list;
}

Task<CreationRow> Creations::own(std::string user_id, std::string id) {
  auto row = co_await store::creation(rooms_.database, std::move(user_id), std::move(id));
  if (!row) throw no_such_creation();
  co_return std::move(*row);
}

Task<CreationShown> Creations::read(http::Caller caller, CreationRequest request) {
  auto row = co_await own(caller.user_id, request.id);
  co_return co_await shown_now(std::move(row), std::move(caller));
}

Task<CreationShown> Creations::cancel(http::Caller caller, CreationRequest request) {
  const auto row = co_await own(caller.user_id, request.id);
  if (co_await store::mark_ended(rooms_.database, row.id, CreationStatus::cancelled, "CANCELLED", "It was cancelled.",
                                 rooms_.clock.now()))
    co_await rooms_.queue.cancel(row.job_id);
  co_return co_await read(std::move(caller), std::move(request));
}

Task<http::NoContent> Creations::remove(http::Caller caller, CreationRequest request) {
  const auto row = co_await own(caller.user_id, request.id);
  if (!co_await store::let_go_creation(rooms_.database, caller.user_id, row.id)) throw no_such_creation();
  if (!is_ended(row.status)) co_await rooms_.queue.cancel(row.job_id);
  co_await remove_folder(rooms_.storage, creation_folder(row.id));
  co_await store::remove_creation(rooms_.database, row.id);
  co_return http::NoContent{};
}

Task<http::File> Creations::content(CreationContent request) {
  const auto row = co_await store::creation(rooms_.database, request.id);
  if (!row || std::ranges::find(row->files, request.name, &FileMade::name) == row->files.end())
    throw no_such_creation();
  const std::string key = creation_folder(row->id) + request.name;
  rooms_.signer.check_read(key, request.expires, request.signature);
  auto object = co_await rooms_.storage.get(key);
  if (!object) throw no_such_creation();
  co_return http::File{.object = std::move(object), .cache_control = "private, max-age=3600", .download_name = ""};
}

}  // namespace odeon::chat
