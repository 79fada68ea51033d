// What this product keeps of a listener.
#pragma once

#include "base/personal_data.hpp"
#include "engine/storage/storage.hpp"
#include "products/briefings/store.hpp"

namespace odeon::briefings {

class BriefingsData final : public PersonalData {
 public:
  BriefingsData(database::Database& database, storage::Storage& storage) : database_(database), storage_(storage) {}

  std::string_view room() const override { return "briefings"; }
  Task<void> tell(std::string user_id, std::string product, PersonalArchive& archive) override;
  Task<Forgotten> forget(std::string user_id, std::string product) override;

 private:
  database::Database& database_;
  storage::Storage& storage_;
};

}  // namespace odeon::briefings
