#include "engine/ai/providers/aws_event_stream.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace odeon::ai {
namespace {

constexpr std::uint32_t kPrelude = 12, kChecksum = 4;

[[noreturn]] void broken(std::string detail) {
  throw Error(Fault::upstream, "BAD_ANSWER", "An event stream cannot be read.").with_detail(std::move(detail));
}

// The value of a header has a type; its length follows from that, or stands before it in two bytes.
constexpr std::array<std::size_t, 10> kLengths{0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
constexpr unsigned kBytes = 6, kString = 7;

// Takes from the front; a field that is longer than what is left is a broken frame.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}
  bool at_end() const { return left_.empty(); }
  std::string_view bytes(std::size_t count) {
    if (count > left_.size()) broken("a header reaches beyond its frame");
    const auto taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }
  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    for (const char c : bytes(size)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }

 private:
  std::string_view left_;
};

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  return Reader(bytes.substr(at)).number(4);
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

// The lengths can be believed only once their checksum is right.
std::uint32_t length_in(std::string_view prelude) {
  if (checksum(prelude.substr(0, 8)) != number_at(prelude, 8)) broken("a checksum of lengths is wrong");
  const std::uint32_t total = number_at(prelude, 0), headers = number_at(prelude, 4);
  if (total > AwsEventParser::kMostBytes) broken("a frame is too long");
  if (total < kPrelude + kChecksum || headers > total - kPrelude - kChecksum) broken("lengths contradict each other");
  return total;
}

AwsEvent read_frame(std::string_view frame) {
  if (checksum(frame.substr(0, frame.size() - kChecksum)) != number_at(frame, frame.size() - kChecksum))
    broken("a checksum of a frame is wrong");
  const std::uint32_t header_bytes = number_at(frame, 4);
  AwsEvent event;
  for (Reader headers(frame.substr(kPrelude, header_bytes)); !headers.at_end();) {
    const std::string name(headers.bytes(headers.number(1)));
    const std::uint32_t type = headers.number(1);
    if (type >= kLengths.size()) broken("a header of an unknown type");
    const auto value = headers.bytes(type == kBytes || type == kString ? headers.number(2) : kLengths[type]);
    if (type == kString) event.headers[name] = value;
  }
  frame.remove_prefix(kPrelude + header_bytes);
  frame.remove_suffix(kChecksum);
  event.payload = frame;
  return event;
}

}  // namespace

std::string_view AwsEvent::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : found->second;
}

std::optional<AwsEvent> AwsEventParser::next(std::string_view& bytes) {
  for (;;) {
    const std::size_t wanted = total_ == 0 ? kPrelude : total_;
    const auto more = bytes.substr(0, wanted - frame_.size());
    frame_ += more;
    bytes.remove_prefix(more.size());
    if (frame_.size() < wanted) return std::nullopt;
    if (total_ != 0) break;
    total_ = length_in(frame_);
  }
  AwsEvent event = read_frame(frame_);
  frame_.clear();
  total_ = 0;
  return event;
}

}  // namespace odeon::ai
