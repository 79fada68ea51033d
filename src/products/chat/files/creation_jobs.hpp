// The jobs that make pictures and films. What a model made is stored before anything else is done with it, so that an
// attempt that comes after a crash finds it, and nobody pays for it twice.
#pragma once

#include "engine/ai/gateway.hpp"
#include "engine/jobs/worker.hpp"
#include "products/chat/files/attachments.hpp"
#include "products/chat/files/creation_store.hpp"

namespace odeon::chat {

struct DrawPictures {
  static constexpr std::string_view kind = "chat.draw";
  static constexpr auto weight = jobs::Weight::heavy;
  std::string id;
};
BOOST_DESCRIBE_STRUCT(DrawPictures, (), (id))
struct MakeFilm {
  static constexpr std::string_view kind = "chat.film";
  static constexpr auto weight = jobs::Weight::heavy;
  std::string id;
};
BOOST_DESCRIBE_STRUCT(MakeFilm, (), (id))

class CreationJobs {
 public:
  struct Rooms {
    database::Database& database;
    storage::Storage& storage;
    ai::Gateway& gateway;
    Attachments& attachments;
    const Clock& clock;
  };
  explicit CreationJobs(Rooms rooms) : rooms_(rooms) {}

  void install(jobs::Worker& worker);

 private:
  template <class Job>
  void install_one(jobs::Worker& worker);
  Task<void> make(std::string id, jobs::Job& handle);
  Task<Made> create(CreationRow row, TraceContext trace);
  Task<Made> draw(CreationRow row, TraceContext trace);
  Task<Made> film(CreationRow row, TraceContext trace);
  // What an earlier attempt made.
  Task<std::optional<Made>> made_before(std::string id);
  Task<FileMade> keep(std::string id, std::string name, std::string media_type, std::string bytes);
  ai::NanoUsd cost_of(const std::string& model, const ai::Usage& usage) const;

  Rooms rooms_;
};

}  // namespace odeon::chat
