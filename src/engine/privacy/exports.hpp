// Everything that is kept of a person, as one ZIP of JSON and media, made while it is sent.
#pragma once

#include "base/personal_data.hpp"
#include "engine/http/message.hpp"
#include "engine/privacy/audit.hpp"
#include "engine/privacy/consents.hpp"
#include "engine/storage/storage.hpp"

namespace odeon::privacy {

// Thread-safe; what it is given outlives it.
class Exports {
 public:
  Exports(storage::Storage& storage, Audit& audit, Consents& consents, std::vector<PersonalData*> rooms,
          ThreadPool& pool, const Clock& clock)
      : storage_(storage), audit_(audit), consents_(consents), rooms_(std::move(rooms)), pool_(pool), clock_(clock) {}

  // The ZIP of one product, or (empty) of all. A failure cuts it visibly.
  http::StreamBody of(std::string user_id, std::string product);

 private:
  Task<void> write(std::string user_id, std::string product, http::BodyWriter& to);

  storage::Storage& storage_;
  Audit& audit_;
  Consents& consents_;
  std::vector<PersonalData*> rooms_;
  ThreadPool& pool_;
  const Clock& clock_;
};

}  // namespace odeon::privacy
