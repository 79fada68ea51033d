// fal.ai's queue (fal.ai/docs/documentation/model-apis/inference/queue): work is put in at {base}/{endpoint}; how it
// stands, and what came of it, is asked for at {base}/{owner}/{app}/requests/{id}; media are files at addresses that
// the result names.
//
// Addresses that fal names for the further steps are not followed, so that our key goes nowhere but to the base
// address.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <string>

#include "engine/ai/providers/provider_call.hpp"

namespace odeon::ai {

struct FalOptions {
  std::string base_url = "https://queue.fal.run";
  std::string key;
  std::chrono::milliseconds limit{180'000};  // from putting work in until it is done
};

struct FalWork {
  std::string endpoint;  // "fal-ai/flux/schnell"
  boost::json::object input;
  Usage at_risk;  // charged once a machine is at it
  TraceContext trace;
};

// Throws what failed, as of work that will be charged: a cancellation, too.
[[noreturn]] void fail_charged(const std::exception_ptr& failure, const Usage& used);

class FalQueue {
 public:
  // `client` and `clock` outlive it.
  FalQueue(http::Client& client, Clock& clock, FalOptions options);

  // The result. Throws Error as provider_errors.hpp has them, {timeout} when the limit is over; FailedAfterUse once it
  // will be charged. A connection that is lost while we wait is made again. Being cancelled, or out of time, cancels
  // the work at fal as well.
  Task<boost::json::object> run(FalWork work);

  // The bytes of a file of a result, {"url": …}: of fal's own hosts over https, or of where the base address leads;
  // at most so many. Throws Error{upstream}.
  Task<std::string> file(const boost::json::value* named, std::size_t most, TraceContext trace);

 private:
  struct Course;

  ProviderCall call(http::Method method, std::string path, TraceContext trace) const;
  Task<ProviderAnswer> ask(ProviderCall question, Instant until);
  Task<boost::json::object> follow(std::string request, TraceContext trace, Course& course);
  Task<void> cancel(std::string request);
  bool may_fetch(std::string_view url) const;

  http::Client& client_;
  Clock& clock_;
  FalOptions options_;
};

}  // namespace odeon::ai
