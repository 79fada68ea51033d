// What this product keeps of a person.
#pragma once

#include "base/personal_data.hpp"
#include "engine/database/database.hpp"
#include "engine/storage/storage.hpp"

namespace odeon::stories {

class StoriesData final : public PersonalData {
 public:
  StoriesData(database::Database& database, storage::Storage& storage) : database_(database), storage_(storage) {}

  std::string_view room() const override { return "stories"; }
  Task<void> tell(std::string user_id, std::string product, PersonalArchive& archive) override;
  Task<Forgotten> forget(std::string user_id, std::string product) override;

 private:
  Task<void> tell_heroes(std::string user_id, PersonalArchive& archive);
  Task<void> tell_events(std::string user_id, PersonalArchive& archive);
  Task<void> tell_tales(std::string user_id, PersonalArchive& archive);
  Task<void> tell_files(std::string user_id, PersonalArchive& archive);
  Task<void> tell_imports(std::string user_id, PersonalArchive& archive);

  database::Database& database_;
  storage::Storage& storage_;
};

}  // namespace odeon::stories
