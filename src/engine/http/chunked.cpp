#include "engine/http/chunked.hpp"

#include <algorithm>

namespace odeon::http {
namespace {

constexpr std::size_t kMaxDigits = 15;          // far above any limit on bodies, far below overflow
constexpr std::size_t kMaxFraming = 16 * 1024;  // of extensions and trailers in one body

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}

}  // namespace

void ChunkedDecoder::size_byte(char c) {
  if (const int digit = hex(c); digit >= 0 && digits_ < kMaxDigits) {
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    ++digits_;
  } else if (digits_ > 0 && c == '\r') {
    part_ = Part::size_end;
  } else if (digits_ > 0 && c == ';') {
    part_ = Part::extension;
  } else {
    state_ = State::broken;
  }
}

void ChunkedDecoder::framing_byte(char c) {
  const auto expect = [&](char wanted, Part next) {
    part_ = next;
    if (c != wanted) state_ = State::broken;
  };
  switch (part_) {
    case Part::size:
      return size_byte(c);
    case Part::extension:
      if (c == '\r')
        part_ = Part::size_end;
      else if (is_control(c) || ++framing_ > kMaxFraming)
        state_ = State::broken;
      return;
    case Part::size_end:
      digits_ = 0;
      line_is_empty_ = true;
      return expect('\n', left_ == 0 ? Part::trailer : Part::data);
    case Part::data_end_cr:
      return expect('\r', Part::data_end_lf);
    case Part::data_end_lf:
      return expect('\n', Part::size);
    case Part::trailer:
      if (c == '\r')
        part_ = Part::trailer_end;
      else if (is_control(c) || ++framing_ > kMaxFraming)
        state_ = State::broken;
      else
        line_is_empty_ = false;
      return;
    case Part::trailer_end:
      expect('\n', Part::trailer);
      if (line_is_empty_ && state_ == State::more) state_ = State::done;
      line_is_empty_ = true;
      return;
    case Part::data:
      return;
  }
}

ChunkedDecoder::Step ChunkedDecoder::decode(std::string_view input, std::size_t max_data) {
  Step step;
  while (state_ == State::more && step.taken < input.size()) {
    if (part_ == Part::data) {
      const std::size_t room = std::min(input.size() - step.taken, max_data);
      const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, room));
      step.data = input.substr(step.taken, count);
      step.taken += count;
      left_ -= count;
      if (left_ == 0) part_ = Part::data_end_cr;
      return step;
    }
    framing_byte(input[step.taken++]);
  }
  return step;
}

}  // namespace odeon::http
