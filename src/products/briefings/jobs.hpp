// The product's job kinds: an edition falls due every four hours, is made, and goes after its week.
#pragma once

#include "engine/jobs/worker.hpp"
#include "products/briefings/editions.hpp"
#include "products/briefings/producer.hpp"

namespace odeon::briefings {

struct EditionDue {
  static constexpr std::string_view kind = "briefings.edition_due";
};
BOOST_DESCRIBE_STRUCT(EditionDue, (), ())

struct MakeEdition {
  static constexpr std::string_view kind = "briefings.make_edition";
  std::string edition_id;
};
BOOST_DESCRIBE_STRUCT(MakeEdition, (), (edition_id))

struct RemoveOldEditions {
  static constexpr std::string_view kind = "briefings.remove_old_editions";
};
BOOST_DESCRIBE_STRUCT(RemoveOldEditions, (), ())

class EditionJobs {
 public:
  // `order` is what every edition is made from; its time is filled in.
  EditionJobs(database::Database& database, Store& store, jobs::Queue& queue, storage::Storage& storage,
              coordination::Coordination& coordination, Producer& producer, const Clock& clock, Order order);

  // Registers the handlers and the schedule, before the worker starts.
  void install(jobs::Worker& worker);
  // Asks for the edition of the present four hours unless there is one: at start, and when it falls due.
  // Returns its id.
  Task<std::string> request_current();

 private:
  Task<void> make(MakeEdition job, jobs::Job& handle);
  Task<void> fail(MakeEdition job, database::Transaction& transaction, std::string error);
  Task<void> remove_old();

  database::Database& database_;
  Store& store_;
  jobs::Queue& queue_;
  storage::Storage& storage_;
  coordination::Coordination& coordination_;
  Producer& producer_;
  const Clock& clock_;
  Order order_;
};

}  // namespace odeon::briefings
