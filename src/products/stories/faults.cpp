#include "products/stories/faults.hpp"

#include "base/text.hpp"

namespace odeon::stories {

Error fault_at(std::string field, std::string code, std::string message) {
  Error fault(Fault::invalid, "VALIDATION_ERROR", message);
  return fault.with_fields({{std::move(field), std::move(code), std::move(message)}});
}

Error no_such_hero() {
  return Error(Fault::not_found, "HERO_NOT_FOUND", "There is no such hero.");
}

Error no_such_story() {
  return Error(Fault::not_found, "STORY_NOT_FOUND", "There is no such story.");
}

Error no_such_event() {
  return Error(Fault::not_found, "CUSTOM_EVENT_NOT_FOUND", "There is no such event.");
}

Error no_such_file() {
  return Error(Fault::not_found, "FILE_NOT_FOUND", "There is no such file.");
}

std::string with_words(std::string field, std::string_view text) {
  const auto words = text::trim(text);
  if (words.empty()) throw fault_at(std::move(field), "required", "This must have words.");
  return std::string(words);
}

}  // namespace odeon::stories
