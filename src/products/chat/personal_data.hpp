// What this product keeps of a person.
#pragma once

#include "base/personal_data.hpp"
#include "engine/storage/storage.hpp"
#include "products/chat/files/creation_store.hpp"

namespace odeon::chat {

class ChatData final : public PersonalData {
 public:
  ChatData(database::Database& database, storage::Storage& storage) : database_(database), storage_(storage) {}

  std::string_view room() const override { return "chat"; }
  Task<void> tell(std::string user_id, std::string product, PersonalArchive& archive) override;
  Task<Forgotten> forget(std::string user_id, std::string product) override;

 private:
  Task<void> tell_memories(std::string user_id, PersonalArchive& archive);
  Task<void> tell_attachments(std::string user_id, PersonalArchive& archive);
  Task<void> tell_creations(std::string user_id, PersonalArchive& archive, CreationKind kind);

  database::Database& database_;
  storage::Storage& storage_;
};

}  // namespace odeon::chat
