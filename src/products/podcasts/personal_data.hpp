// What this product keeps of a person.
#pragma once

#include "base/personal_data.hpp"
#include "engine/storage/storage.hpp"
#include "products/podcasts/intake/intake_store.hpp"

namespace odeon::podcasts {

class PodcastsData final : public PersonalData {
 public:
  PodcastsData(database::Database& database, storage::Storage& storage) : database_(database), storage_(storage) {}

  std::string_view room() const override { return "podcasts"; }
  Task<void> tell(std::string user_id, std::string product, PersonalArchive& archive) override;
  Task<Forgotten> forget(std::string user_id, std::string product) override;

 private:
  Task<void> tell_shows(std::string user_id, PersonalArchive& archive);
  Task<void> tell_episodes(std::string podcast_id, PersonalArchive& archive);
  Task<void> tell_audio(std::string user_id, PersonalArchive& archive);
  Task<void> tell_artwork(std::string user_id, PersonalArchive& archive);
  Task<void> tell_intakes(std::string user_id, PersonalArchive& archive);
  Task<void> tell_imports(std::string user_id, PersonalArchive& archive);

  database::Database& database_;
  storage::Storage& storage_;
};

}  // namespace odeon::podcasts
