// Reading what Google's models answer: what they counted, and why they stopped.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "engine/ai/usage.hpp"

namespace odeon::ai {

// Counts only grow while an answer comes, and not every part of it repeats them all.
class GeminiCounts {
 public:
  // Of `usageMetadata`, which may be missing.
  void take(const boost::json::value* metadata);
  Usage usage() const;

 private:
  std::int64_t prompt_ = 0, cached_ = 0, tools_ = 0, answer_ = 0, thoughts_ = 0;
  std::int64_t heard_ = 0, heard_from_cache_ = 0, spoken_ = 0, drawn_ = 0;
};

// The prompt was not let in.
bool is_blocked(const boost::json::object& response);
// The finishReason of an answer that is held back, in part or as a whole.
bool is_withheld(std::string_view reason);
// One of MALFORMED_FUNCTION_CALL, OTHER and the like.
Error stopped_early(const std::string& reason, const std::string& provider);

}  // namespace odeon::ai
