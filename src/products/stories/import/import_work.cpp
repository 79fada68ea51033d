#include "products/stories/import/import_work.hpp"

#include <array>
#include <map>
#include <set>
#include <tuple>

#include "base/ids.hpp"
#include "products/stories/bringing.hpp"
#include "products/stories/faults.hpp"
#include "products/stories/heroes.hpp"
#include "products/stories/import/import_rows.hpp"
#include "products/stories/leftovers.hpp"
#include "products/stories/narrations.hpp"

namespace odeon::stories {
namespace {

constexpr std::size_t kCopiedAtOnce = 1024 * 1024;
constexpr int kRowsDone = 50, kFilesDone = 98;  // percent
constexpr std::size_t kMostTold = 500;          // of what was left out

std::string_view folder_for(WantedFile::Use use) {
  constexpr auto kFolders = std::to_array<std::string_view>({"avatars", "pictograms", "audio", "illustrations"});
  return kFolders[static_cast<std::size_t>(use)];
}

}  // namespace

struct ImportWork::Taking {
  ImportRow row;
  Language language = Language::en;
  ReadLibrary read;
  std::map<std::string, std::pair<std::string, std::string>> heroes;  // id and name, by their ids there
  std::map<std::string, std::string> events;                          // ids by their ids there
  std::multimap<std::string, WantedFile> files;                       // by their paths

  Imported note(std::string kind, std::string source_id, std::string entity_id) const {
    return {row.user_id, std::move(kind), std::move(source_id), std::move(entity_id), row.id};
  }
  void skip(std::string kind, std::string name, std::string reason) {
    if (row.skipped.size() < kMostTold) row.skipped.push_back({std::move(kind), std::move(name), std::move(reason)});
  }
  // What is wrong with one thing leaves that out; what else failed is thrown.
  void skip(std::string kind, std::string name, std::exception_ptr failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const Error& fault) {
      if (fault.may_pass() || fault.fault == Fault::internal) throw;
      skip(std::move(kind), std::move(name), fault.fields.empty() ? fault.message : fault.fields.front().message);
    }
  }
};

void ImportWork::install(jobs::Worker& worker) {
  worker.handle<ImportLibrary>(
      [this](ImportLibrary job, jobs::Job& handle) { return take_over(std::move(job.id), handle); });
  worker.on_failure<ImportLibrary>([this](ImportLibrary job, database::Transaction& tx, std::string error) {
    return fail(std::move(job.id), tx, std::move(error));
  });
}

Task<void> ImportWork::take_over(std::string id, jobs::Job& handle) {
  auto row = co_await store::import_of(rooms_.database, id);
  if (!row || row->ended_at) co_return;
  co_await handle.progress(1, "reading", "Reading the library.");
  media::ScratchFile zip("");
  co_await copy(row->upload_key, zip);
  Taking taking{.row = std::move(*row), .read = co_await run_blocking(rooms_.pool, [&zip] { return library_in(zip); })};
  taking.language = co_await language_of_person(rooms_.database, taking.row.user_id);
  auto library = std::exchange(taking.read.library, {});
  taking.row.skipped = std::move(library.skipped);
  const std::size_t count = library.heroes.size() + library.customEvents.size() + library.stories.size();
  std::size_t done = 0;
  const auto told = [&] {
    return handle.progress(static_cast<int>(++done * kRowsDone / (count + 1)), "taking", "Taking over the library.");
  };
  for (auto& hero : library.heroes) {
    co_await told();
    const std::string name = hero.name;
    if (const auto taken = co_await settle(take_hero(taking, std::move(hero))); !taken)
      taking.skip("hero", name, taken.error());
  }
  for (auto& event : library.customEvents) {
    co_await told();
    const std::string name = event.title;
    if (const auto taken = co_await settle(take_event(taking, std::move(event))); !taken)
      taking.skip("customEvent", name, taken.error());
  }
  for (auto& story : library.stories) {
    co_await told();
    const std::string name = story.title;
    if (const auto taken = co_await settle(take_story(taking, std::move(story))); !taken)
      taking.skip("story", name, taken.error());
  }
  co_await take_files(taking, zip, handle);
  taking.row.state = ImportState::finished;
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await store::end_import(*tx, taking.row, rooms_.clock.now());
  co_await rooms_.queue.enqueue(*tx, SweepLeftovers{}, {.trace = handle.trace()});
  co_await handle.complete(*tx);
  co_await tx->commit();
}

Task<void> ImportWork::fail(std::string id, database::Transaction& tx, std::string error) {
  auto row = co_await store::import_of(tx, std::move(id));
  if (!row) co_return;
  row->state = ImportState::failed;
  row->error = std::move(error);
  static_cast<void>(co_await store::end_import(tx, std::move(*row), rooms_.clock.now()));
}

Task<void> ImportWork::copy(std::string key, media::ScratchFile& into) {
  const auto object = co_await rooms_.storage.get(std::move(key));
  if (!object) throw Error(Fault::invalid, "UPLOAD_LOST", "What was sent is lost. Please send it again.");
  std::string piece(kCopiedAtOnce, '\0');
  for (std::uint64_t at = 0; at < object->size();) {
    const auto count = co_await object->read_at(at, piece);
    if (count == 0) throw Error(Fault::unavailable, "UPLOAD_CUT", "What was sent cannot be read at present.");
    co_await run_blocking(rooms_.pool, [&] { into.write(static_cast<std::int64_t>(at), {piece.data(), count}); });
    at += count;
  }
}

// In one transaction: what came before and is still there keeps its id, the rest is new.
template <class Row>
Task<Row> ImportWork::kept(Imported note, std::optional<Instant> made_at, Row row, Finder<Row> find) {
  const Instant now = rooms_.clock.now();
  row.id = note.entity_id;
  row.user_id = note.user_id;
  row.created_at = std::min(made_at.value_or(now), now);
  row.updated_at = now;
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  const auto before = co_await store::imported_as(*tx, note);
  if (before && co_await find(*tx, row.user_id, *before)) {
    row.id = *before;
  } else {
    static_cast<void>(co_await store::add(*tx, row));
    co_await store::note_imported(*tx, std::move(note));
  }
  co_await tx->commit();
  co_return row;
}

Task<void> ImportWork::take_hero(Taking& taking, BroughtHero brought) {
  const auto hero = co_await kept(taking.note("hero", brought.id, new_id("hero", rooms_.clock)), brought.createdAt,
                                  hero_row(brought, taking.language, rooms_.log), store::hero);
  if (brought.avatar) {
    WantedFile portrait{.use = WantedFile::Use::avatar, .entity_id = hero.id};
    portrait.has_colours = hero.visual_profile && !hero.visual_profile->colorPalette.empty();
    taking.files.emplace(*brought.avatar, std::move(portrait));
  }
  taking.heroes[brought.id] = {hero.id, hero.name};
}

Task<void> ImportWork::take_event(Taking& taking, BroughtEvent brought) {
  const auto event = co_await kept(taking.note("customEvent", brought.id, new_id("event", rooms_.clock)),
                                   brought.createdAt, event_row(brought, taking.language, rooms_.log), store::event);
  if (brought.pictogram) taking.files.emplace(*brought.pictogram, WantedFile{WantedFile::Use::pictogram, event.id});
  taking.events[brought.id] = event.id;
}

Task<void> ImportWork::take_story(Taking& taking, BroughtStory brought) {
  TaleRow row = tale_row(brought, taking.language, rooms_.log);
  if (const auto hero = taking.heroes.find(brought.heroId); hero != taking.heroes.end())
    std::tie(row.hero_id.emplace(), row.hero_name) = hero->second;
  if (const auto event = taking.events.find(brought.customEventId); event != taking.events.end())
    row.custom_event_id = event->second;
  row = co_await kept(taking.note("story", brought.id, new_id("story", rooms_.clock)), brought.createdAt,
                      std::move(row), store::tale);
  if (brought.audio) taking.files.emplace(*brought.audio, WantedFile{WantedFile::Use::sound, row.id, row.title});
  for (std::size_t i = 0; i < brought.illustrations.size(); ++i)
    taking.files.emplace(brought.illustrations[i].image, WantedFile{.use = WantedFile::Use::picture,
                                                                    .entity_id = row.id,
                                                                    .title = row.title,
                                                                    .timestamp = brought.illustrations[i].timestamp,
                                                                    .number = i,
                                                                    .count = brought.illustrations.size()});
}

Task<void> ImportWork::take_files(Taking& taking, const media::ScratchFile& file, jobs::Job& handle) {
  ZipReader zip(file);
  std::set<std::string> waiting;
  for (const auto& [path, wanted] : taking.files) waiting.insert(path);
  const std::size_t count = waiting.size();
  while (!waiting.empty()) {
    const auto done = static_cast<int>((count - waiting.size()) * (kFilesDone - kRowsDone) / count);
    co_await handle.progress(kRowsDone + done, "files", "Taking over pictures and sound.");
    const auto found =
        co_await run_blocking(rooms_.pool, [&] { return next_wanted(zip, taking.read.folder, waiting); });
    if (!found) break;
    waiting.erase(found->path);
    if (!found->fault.empty()) {
      taking.skip("file", found->path, found->fault);
      continue;
    }
    const auto [first, last] = taking.files.equal_range(found->path);
    for (auto wanted = first; wanted != last; ++wanted)
      if (const auto taken = co_await settle(take_file(taking, found->path, wanted->second, found->bytes)); !taken)
        taking.skip("file", found->path, taken.error());
  }
  for (const auto& path : waiting) taking.skip("file", path, "This file could not be found in the ZIP.");
}

Task<void> ImportWork::take_file(Taking& taking, std::string path, WantedFile wanted, std::string bytes) {
  const auto note = taking.note("file", wanted.entity_id + ' ' + path, wanted.entity_id);
  if (co_await store::imported_as(rooms_.database, note)) co_return;
  auto kept = co_await run_blocking(rooms_.pool, [&] { return kept_file(std::move(bytes), wanted); });
  const bool is_sound = wanted.use == WantedFile::Use::sound;
  const std::string key = new_media_key(folder_for(wanted.use), is_sound ? "mp3" : "png");
  const auto size = std::ssize(kept.bytes);
  co_await store_for({rooms_.database, rooms_.storage, rooms_.clock}, taking.row.user_id, key, std::move(kept.bytes),
                     is_sound ? "audio/mpeg" : "image/png");
  auto tx = co_await rooms_.database.begin(database::Isolation::statement);
  co_await attach(*tx, taking, std::move(wanted), key, size, std::move(kept));
  co_await store::note_imported(*tx, note);
  co_await store::keep_object(*tx, key);
  co_await tx->commit();
}

Task<void> ImportWork::attach(Transaction& tx, const Taking& taking, WantedFile wanted, std::string key,
                              std::int64_t size, KeptFile kept) {
  const Instant now = rooms_.clock.now();
  const std::string& user_id = taking.row.user_id;
  switch (wanted.use) {
    case WantedFile::Use::avatar:
      if (!co_await store::take_portrait(tx, wanted.entity_id, {key, std::move(kept.colours)}, now))
        throw no_such_hero();
      break;
    case WantedFile::Use::pictogram:
      if (!co_await store::keep_pictogram(tx, wanted.entity_id, key, std::nullopt, now)) throw no_such_event();
      break;
    case WantedFile::Use::sound:
      co_await bring_sound(tx, co_await own_tale(tx, user_id, wanted.entity_id), {key, size, kept.seconds}, now);
      break;
    case WantedFile::Use::picture:
      co_await bring_picture(tx, co_await own_tale(tx, user_id, wanted.entity_id), new_id("ill", rooms_.clock), key,
                             {.at = wanted.timestamp, .number = wanted.number, .of = wanted.count}, now);
      break;
  }
}

}  // namespace odeon::stories
