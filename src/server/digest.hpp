// What operators are written without having asked: each morning how yesterday was, on Mondays how the week was, on the
// first of a month how the month was. What calls for somebody at once is an alert (deploy/prometheus/alerts.yaml).
#pragma once

#include <string>

#include "engine/billing/costs.hpp"
#include "engine/notify/mail.hpp"

namespace odeon::server {

// The job: comes every morning.
struct SendDigest {
  static constexpr std::string_view kind = "server.digest";
};
BOOST_DESCRIBE_STRUCT(SendDigest, (), ())

// Thread-safe; what it is given outlives it.
class Digest {
 public:
  Digest(database::Database& database, billing::Costs& costs, notify::Mail& mail, const Clock& clock, std::string to)
      : database_(database), costs_(costs), mail_(mail), clock_(clock), to_(std::move(to)) {}

  // Registers the handler, and the schedule unless there is nobody to write to; before the worker starts.
  void install(jobs::Worker& worker);
  // Of the days until yesterday (UTC). One mail a day, however often it is asked for.
  Task<void> send();

 private:
  Task<std::string> usage(std::string title, billing::Days span);
  Task<std::string> people(billing::Days month);

  database::Database& database_;
  billing::Costs& costs_;
  notify::Mail& mail_;
  const Clock& clock_;
  const std::string to_;
};

}  // namespace odeon::server
