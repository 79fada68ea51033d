// What this product keeps of a person.
#pragma once

#include "base/personal_data.hpp"
#include "engine/database/database.hpp"

namespace odeon::chat {

class ChatData final : public PersonalData {
 public:
  explicit ChatData(database::Database& database) : database_(database) {}

  std::string_view room() const override { return "chat"; }
  Task<void> tell(std::string user_id, std::string product, PersonalArchive& archive) override;
  Task<Forgotten> forget(std::string user_id, std::string product) override;

 private:
  Task<void> tell_memories(std::string user_id, PersonalArchive& archive);

  database::Database& database_;
};

}  // namespace odeon::chat
