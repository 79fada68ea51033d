// All SQL of the product.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/database/database.hpp"
#include "engine/database/migrations.hpp"
#include "products/briefings/briefings.hpp"

namespace odeon::briefings {

// An edition as it is stored.
struct EditionRow {
  std::string id;
  Instant slot;
  Status status = Status::queued;
  std::string job_id;
  std::string title;
  std::string audio_key;
  std::int64_t audio_bytes = 0;
  double duration = 0;
  std::string transcript;
  std::string captions;
  std::vector<Source> sources;
  std::vector<AdMarker> ad_markers;
  std::vector<Chapter> chapters;
  std::string script_model;
  std::string speech_model;
  double loudness = 0;
  double true_peak = 0;
  std::string error;  // JSON of a Failure, or empty
  Instant created_at;
  Instant generated_at;
  Instant expires_at;
};
BOOST_DESCRIBE_STRUCT(EditionRow, (),
                      (id, slot, status, job_id, title, audio_key, audio_bytes, duration, transcript, captions, sources,
                       ad_markers, chapters, script_model, speech_model, loudness, true_peak, error, created_at,
                       generated_at, expires_at))

class Store {
 public:
  explicit Store(database::Database& database) : database_(database) {}

  // False if the slot has its edition already.
  Task<bool> add_edition(database::Transaction& transaction, std::string id, Instant slot, Instant expires_at,
                         std::string job_id, Instant now);
  Task<std::optional<EditionRow>> edition(std::string id);
  Task<std::optional<EditionRow>> edition_of_slot(Instant slot);
  Task<std::optional<EditionRow>> newest();
  Task<std::optional<EditionRow>> newest_ready();
  Task<std::vector<EditionRow>> ready_since(Instant since, std::int64_t limit, std::int64_t offset);
  Task<void> mark_processing(std::string id);
  Task<void> mark_ready(database::Transaction& transaction, EditionRow edition);
  Task<void> mark_failed(database::Transaction& transaction, std::string id, Failure failure);
  // Editions that expired before `before` and their audio: keys to remove.
  Task<std::vector<std::string>> remove_editions(Instant before);

  // JSON of a FeedState, or nothing.
  Task<std::optional<std::string>> feed_state(std::string address);
  Task<void> keep_feed_state(std::string address, std::string state, Instant now);

 private:
  database::Database& database_;
};

std::vector<database::Migration> migrations();

}  // namespace odeon::briefings
