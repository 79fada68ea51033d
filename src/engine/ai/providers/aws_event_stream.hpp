// The framing of AWS's event streams, application/vnd.amazon.eventstream ("Event stream encoding" of Amazon Transcribe
// and of the Smithy specification): each frame is its length, the length of its headers, a checksum over both, the
// headers, the payload, and a checksum over all of it. Numbers are big-endian, checksums CRC-32.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace odeon::ai {

struct AwsEvent {
  std::map<std::string, std::string, std::less<>> headers;  // those that are strings: ":event-type"
  std::string payload;

  // Empty if there is none.
  std::string_view header(std::string_view name) const;
};

// Not thread-safe.
class AwsEventParser {
 public:
  // Frames of more bytes than that are not read.
  static constexpr std::uint32_t kMostBytes = 16 << 20;

  // Takes bytes off the front of `bytes` until an event is complete or none are left. Throws Error{upstream} for a
  // frame that is broken or too long: nothing can be read after it.
  std::optional<AwsEvent> next(std::string_view& bytes);

 private:
  std::string frame_;        // as far as it has come
  std::uint32_t total_ = 0;  // its length, once that has come
};

}  // namespace odeon::ai
