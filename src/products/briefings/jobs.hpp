// The product's job kinds: an edition falls due every four hours, a briefing is made, and goes when its time
// is over.
#pragma once

#include "engine/billing/allowances.hpp"
#include "engine/billing/subscriptions.hpp"
#include "engine/jobs/worker.hpp"
#include "products/briefings/audio/producer.hpp"
#include "products/briefings/editions.hpp"

namespace odeon::briefings {

struct EditionDue {
  static constexpr std::string_view kind = "briefings.edition_due";
};
BOOST_DESCRIBE_STRUCT(EditionDue, (), ())

struct MakeBriefing {
  static constexpr std::string_view kind = "briefings.make";
  static constexpr auto weight = jobs::Weight::heavy;
  std::string id;
};
BOOST_DESCRIBE_STRUCT(MakeBriefing, (), (id))

struct RemoveExpired {
  static constexpr std::string_view kind = "briefings.remove_expired";
};
BOOST_DESCRIBE_STRUCT(RemoveExpired, (), ())

class BriefingJobs {
 public:
  // `order` is what every briefing is made from; a briefing fills in what it wants otherwise.
  BriefingJobs(database::Database& database, Store& store, jobs::Queue& queue, storage::Storage& storage,
               coordination::Coordination& coordination, billing::Subscriptions& subscriptions,
               billing::Allowances& allowances, Producer& producer, const Clock& clock, Order order);

  // Registers the handlers and the schedule, before the worker starts.
  void install(jobs::Worker& worker);
  // Called in the transaction in which somebody's own briefing becomes ready.
  using OnReady = std::function<Task<void>(database::Transaction& transaction, BriefingRow briefing)>;
  void on_ready(OnReady call) { on_ready_ = std::move(call); }
  // Tells what a listener is called: a first name, or nothing.
  using FirstName = std::function<Task<std::string>(std::string user_id)>;
  void call_by(FirstName call) { first_name_ = std::move(call); }
  // Asks for the edition of the present four hours unless there is one: at start, and when it falls due.
  // Returns its id.
  Task<std::string> request_current(TraceContext trace = {});

 private:
  Task<void> make(MakeBriefing job, jobs::Job& handle);
  Task<void> fail(MakeBriefing job, database::Transaction& transaction, std::string error);
  Task<void> remove_expired();
  Task<Order> order_of(BriefingRow briefing);
  Task<PersonalOrder> personal_order(BriefingRow briefing);

  database::Database& database_;
  Store& store_;
  jobs::Queue& queue_;
  storage::Storage& storage_;
  coordination::Coordination& coordination_;
  billing::Subscriptions& subscriptions_;
  billing::Allowances& allowances_;
  Producer& producer_;
  const Clock& clock_;
  Order order_;
  OnReady on_ready_;
  FirstName first_name_;
};

}  // namespace odeon::briefings
