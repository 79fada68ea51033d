// Puts the answers to a batch in the order of its requests. They come as lines of JSON in any order, from outside: a
// line that is broken, of no request of ours or there twice spoils no other.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ai/batch.hpp"

namespace odeon::ai {

// What a request is called on the way: "request-17".
std::string batch_request_id(std::size_t place);

class BatchAnswers {
 public:
  // What a line says of its request: a reply, or throws Error.
  using Read = std::function<TextReply(const boost::json::object& line)>;

  BatchAnswers(std::vector<BatchEntry> entries, std::string model);
  void take(std::string_view line, const Read& read);
  // Of requests that no line was about: `missing`.
  std::vector<BatchAnswer> finish(const Error& missing) &&;
  // All of them.
  std::vector<BatchAnswer> fail(const Error& all) &&;

 private:
  BatchAnswer judged(const boost::json::object& line, const BatchEntry& entry, const Read& read) const;

  const std::vector<BatchEntry> entries_;
  const std::string model_, provider_;
  std::vector<std::optional<BatchAnswer>> answers_;
};

// The day was over; it was cancelled; it is not there any more.
Error batch_expired();
Error batch_cancelled();
Error batch_gone();

}  // namespace odeon::ai
