#include "engine/http/client_chunked.hpp"

#include <algorithm>
#include <cstring>

#include "engine/http/client_errors.hpp"

namespace odeon::http::client {
namespace {

constexpr std::uint32_t kMaxSkipped = 16 * 1024;
constexpr std::uint8_t kMaxSizeDigits = 15;

Error broken_chunk(const char* detail) {
  return bad_answer("BAD_ANSWER", detail);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::size_t ChunkDecoder::decode(std::span<char> bytes) {
  std::size_t kept = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    if (state_ == State::ended) {
      overran_ = true;
      break;
    }
    if (state_ == State::data) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - at));
      if (kept != at) std::memmove(bytes.data() + kept, bytes.data() + at, count);
      kept += count;
      at += count;
      left_ -= count;
      if (left_ == 0) state_ = State::data_cr;
    } else {
      step(bytes[at++]);
    }
  }
  return kept;
}

void ChunkDecoder::take_digit(char c) {
  const int digit = hex_digit(c);
  if (digit < 0) throw broken_chunk("bad chunk size");
  if (digits_++ == kMaxSizeDigits) throw broken_chunk("chunk size out of range");
  left_ = left_ << 4 | static_cast<std::uint64_t>(digit);
}

void ChunkDecoder::step(char c) {
  switch (state_) {
    case State::size:
      if (digits_ == 0 || hex_digit(c) >= 0) return take_digit(c);
      [[fallthrough]];
    case State::blank:
      if (c == ' ' || c == '\t')
        state_ = State::blank;
      else if (c == ';')
        state_ = State::extension;
      else if (c == '\r')
        state_ = State::size_end;
      else
        throw broken_chunk("bad chunk size");
      break;
    case State::extension:
      if (c == '\r') state_ = State::size_end;
      if (c == '\n') throw broken_chunk("bad chunk extension");
      break;
    case State::size_end:
      if (c != '\n') throw broken_chunk("bad end of chunk size");
      digits_ = 0;
      skipped_ = 0;
      state_ = left_ > 0 ? State::data : State::line_start;
      return;
    case State::data_cr:
      if (c != '\r') throw broken_chunk("chunk longer than its size");
      state_ = State::data_lf;
      return;
    case State::data_lf:
      if (c != '\n') throw broken_chunk("bad end of chunk");
      state_ = State::size;
      return;
    case State::line_start:
      state_ = c == '\r' ? State::last_lf : State::trailer;
      break;
    case State::trailer:
      if (c == '\r') state_ = State::trailer_end;
      break;
    case State::trailer_end:
      if (c != '\n') throw broken_chunk("bad trailer");
      state_ = State::line_start;
      break;
    case State::last_lf:
      if (c != '\n') throw broken_chunk("bad end of body");
      state_ = State::ended;
      return;
    case State::data:
    case State::ended:
      return;
  }
  if (++skipped_ > kMaxSkipped) throw broken_chunk("extensions or trailers beyond the limit");
}

}  // namespace odeon::http::client
