#include "products/podcasts/shows.hpp"

#include "base/crypto.hpp"
#include "base/ids.hpp"
#include "base/nullable.hpp"
#include "engine/http/binding.hpp"
#include "engine/identity/mail.hpp"
#include "products/podcasts/faults.hpp"
#include "products/podcasts/leftovers.hpp"
#include "products/podcasts/names.hpp"

namespace odeon::podcasts {
namespace {

constexpr int kSlugsTried = 5;

// An empty text is none.
void set_text(std::optional<std::string>& to, const auto& from) {
  if (!from) return;
  const auto words = text::trim(*from);
  to = words.empty() ? std::nullopt : std::optional(std::string(words));
}

void set_url(std::optional<std::string>& to, std::string field, const auto& from) {
  set_text(to, from);
  if (from && to) check_url(std::move(field), *to);
}

// What both requests have.
void apply_to_show(ShowRow& row, const auto& request) {
  set_text(row.description, request.description);
  set_text(row.author, request.author);
  set_text(row.category, request.category);
  set_url(row.artwork_url, "artwork_url", request.artwork_url);
  set_url(row.website_url, "website_url", request.website_url);
  set_text(row.owner_email, request.owner_email);
  if (request.owner_email && row.owner_email && !identity::normal_mail(*row.owner_email))
    throw fault_at("owner_email", "This is no mail address.");
  if (request.language) {
    check_language("language", *request.language);
    row.language = *request.language;
  }
  row.type = request.type.value_or(row.type);
  row.is_explicit = request.is_explicit.value_or(row.is_explicit);
  row.is_locked = request.is_locked.value_or(row.is_locked);
}

Podcast shown(const ShowRow& row, const http::Caller& caller) {
  return {.id = row.id,
          .user_id = row.user_id,
          .title = row.title,
          .description = or_null(row.description),
          .author = or_null(row.author),
          .category = or_null(row.category),
          .language = row.language,
          .artwork_url = shown_artwork(caller.base_url, row.artwork_url),
          .website_url = or_null(row.website_url),
          .owner_email = or_null(row.owner_email),
          .rss_url = feed_url(caller.base_url, row.slug),
          .guid = row.guid,
          .type = row.type,
          .is_explicit = row.is_explicit,
          .is_locked = row.is_locked,
          .status = row.status,
          .created_at = row.created_at,
          .updated_at = row.updated_at};
}

}  // namespace

std::string feed_url(std::string_view base_url, std::string_view slug) {
  return fmt::format("{}/feeds/{}.xml", base_url, slug);
}

Task<ShowRow> own_show(Executor& executor, std::string user_id, std::string id) {
  auto row = co_await store::show(executor, std::move(user_id), std::move(id));
  if (!row) throw no_such_podcast();
  co_return std::move(*row);
}

void check_cursor(std::string_view cursor) {
  if (!cursor.empty() && !is_uuid(cursor))
    throw fault_at("cursor", "This must be the next_cursor of an earlier answer.");
}

void Shows::mount(http::Api& api) {
  http::mount(api, list_podcasts, &Shows::list, *this);
  http::mount(api, create_podcast, &Shows::create, *this);
  http::mount(api, read_podcast, &Shows::read, *this);
  http::mount(api, change_podcast, &Shows::change, *this);
  http::mount(api, delete_podcast, &Shows::remove, *this);
}

Task<PodcastList> Shows::list(http::Caller caller, ListPodcasts request) {
  check_cursor(request.cursor);
  const std::int64_t limit = request.limit;
  auto rows = co_await store::shows(rooms_.database, caller.user_id, request.cursor, limit + 1);
  PodcastList list;
  if (std::ssize(rows) > limit) {
    rows.pop_back();
    list.next_cursor = rows.back().id;
  }
  for (const auto& row : rows) list.podcasts.push_back(shown(row, caller));
  co_return list;
}

// Under the title's slug, or that with something behind where another has it.
Task<void> Shows::add(Transaction& tx, ShowRow& row, std::string base_url, std::optional<std::string> guid) {
  const std::string slug = slug_of(row.title);
  row.slug = slug;
  for (int tried = 0; tried < kSlugsTried; ++tried) {
    row.guid = guid ? *guid : podcast_guid(feed_url(base_url, row.slug));
    if (co_await store::add(tx, row)) co_return;
    row.slug = slug + '-' + crypto::to_hex(crypto::random_bytes(3));
  }
  throw Error(Fault::unavailable, "NO_ADDRESS", "No address was found for this podcast. Please try again.");
}

Task<void> Shows::begin(Transaction& tx, ShowRow& row, std::string base_url, std::optional<std::string> guid) {
  row.changed_at = std::chrono::floor<std::chrono::seconds>(row.created_at);
  const auto held = co_await rooms_.allowances.reserve(tx, row.user_id, std::string(kProduct), "podcasts");
  if (!held) throw no_more_podcasts(held.error());
  co_await rooms_.allowances.settle(tx, *held);
  co_await add(tx, row, std::move(base_url), std::move(guid));
}

Task<Created<Podcast>> Shows::create(http::Caller caller, NewPodcast request) {
  const Instant now = rooms_.clock.now();
  ShowRow row{.id = new_uuid(rooms_.clock), .user_id = caller.user_id, .created_at = now, .updated_at = now};
  row.title = words_of("title", request.title);
  apply_to_show(row, request);
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await begin(*tx, row, caller.base_url, std::nullopt);
  co_await tx->commit();
  co_return Created<Podcast>{shown(row, caller)};
}

Task<Podcast> Shows::read(http::Caller caller, PodcastRequest request) {
  co_return shown(co_await own_show(rooms_.database, caller.user_id, request.id), caller);
}

Task<Podcast> Shows::change(http::Caller caller, ChangePodcast request) {
  auto tx = co_await rooms_.database.begin();
  const auto before = co_await own_show(*tx, caller.user_id, request.id);
  auto row = before;
  if (request.title) row.title = words_of("title", *request.title);
  if (request.artwork_url && is_same_artwork(*request.artwork_url, row.artwork_url)) request.artwork_url.reset();
  apply_to_show(row, request);
  row.status = request.status.value_or(row.status);
  if (row == before) co_return shown(row, caller);
  row.updated_at = rooms_.clock.now();
  co_await store::change(*tx, row);
  if (row.artwork_url != before.artwork_url) co_await rooms_.artwork.let_go(*tx, row.id, ArtworkEnd::replaced);
  co_await store::feed_changed(*tx, row.id, row.updated_at);
  co_await tx->commit();
  co_return shown(row, caller);
}

Task<http::NoContent> Shows::remove(http::Caller caller, PodcastRequest request) {
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await own_show(*tx, caller.user_id, request.id);
  co_await rooms_.intakes.drop_into_podcast(*tx, request.id);
  for (const auto& id : co_await store::episode_ids_of(*tx, request.id)) {
    co_await rooms_.audio.let_go(*tx, id);
    co_await store::remove_episode(*tx, caller.user_id, id);
    co_await rooms_.artwork.let_go(*tx, id, ArtworkEnd::deleted);
  }
  if (!co_await store::remove_show(*tx, caller.user_id, request.id)) throw no_such_podcast();
  co_await rooms_.artwork.let_go(*tx, request.id, ArtworkEnd::deleted);
  co_await rooms_.allowances.give_back(*tx, caller.user_id, std::string(kProduct), "podcasts");
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = caller.trace});
  co_await tx->commit();
  co_return http::NoContent{};
}

}  // namespace odeon::podcasts
