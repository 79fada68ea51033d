// What notify keeps of a person: their devices, mails that are under way, and where their programs are told of events.
#pragma once

#include "base/personal_data.hpp"
#include "engine/database/database.hpp"

namespace odeon::notify {

class NotifyData final : public PersonalData {
 public:
  explicit NotifyData(database::Database& database) : database_(database) {}

  std::string_view room() const override { return "notify"; }
  Task<void> tell(std::string user_id, std::string product, PersonalArchive& archive) override;
  Task<Forgotten> forget(std::string user_id, std::string product) override;

 private:
  database::Database& database_;
};

}  // namespace odeon::notify
