#include "engine/http/compress.hpp"

#include <zlib.h>

#include <new>

#include "base/text.hpp"

namespace odeon::http {
namespace {

// "0", "0.", "0.0" … "0.000": weights go from 0 to 1 with up to three decimals.
bool is_zero_weight(std::string_view parameters) {
  for (std::string_view parameter : text::split(parameters, ';')) {
    parameter = text::trim(parameter);
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
    return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
  }
  return false;
}

}  // namespace

bool takes_gzip(std::string_view accept_encoding) {
  bool by_star = false;
  while (!accept_encoding.empty()) {
    const std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view item = accept_encoding.substr(0, comma);
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    const std::string_view name = text::trim(item.substr(0, semicolon));
    const bool refused = is_zero_weight(item.substr(semicolon));
    if (text::equals_ignoring_case(name, "gzip") || text::equals_ignoring_case(name, "x-gzip")) return !refused;
    if (name == "*") by_star = !refused;
  }
  return by_star;
}

bool is_compressible_type(std::string_view content_type) {
  const auto type = text::trim(content_type.substr(0, content_type.find(';')));
  return type.starts_with("text/") || type == "application/json" || type.ends_with("+json") ||
         type == "application/xml" || type.ends_with("+xml") || type == "application/javascript";
}

bool is_compressible(const Response& response, std::size_t size) {
  if (size < kMinCompressed || response.status == 206 || response.headers.find("content-encoding")) return false;
  if (response.headers.get("cache-control").contains("no-transform")) return false;
  return is_compressible_type(response.headers.get("content-type"));
}

struct Gzip::State {
  z_stream stream{};
  std::string* out = nullptr;
};

Gzip::Gzip() : state_(std::make_unique<State>()) {
  constexpr int level = 4, window_with_gzip_header = 15 + 16, memory = 8;
  if (deflateInit2(&state_->stream, level, Z_DEFLATED, window_with_gzip_header, memory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
}

Gzip::~Gzip() {
  deflateEnd(&state_->stream);
}

void Gzip::begin(std::string& out) {
  deflateReset(&state_->stream);
  state_->out = &out;
}

void Gzip::add(std::string_view piece) {
  run(piece, Z_NO_FLUSH);
}

void Gzip::end() {
  run({}, Z_FINISH);
}

void Gzip::run(std::string_view piece, int flush) {
  auto& stream = state_->stream;
  std::string& out = *state_->out;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
  stream.avail_in = static_cast<uInt>(piece.size());
  do {
    const std::size_t before = out.size();
    const std::size_t room = std::max<std::size_t>(4096, piece.size() / 4);
    out.resize(before + room);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(room);
    deflate(&stream, flush);
    out.resize(before + room - stream.avail_out);
  } while (stream.avail_out == 0);
}

std::string gzip(std::string_view text) {
  std::string out;
  Gzip packer;
  packer.begin(out);
  packer.add(text);
  packer.end();
  return out;
}

}  // namespace odeon::http
