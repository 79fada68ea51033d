#include "engine/http/multipart.hpp"

#include <array>
#include <cstring>

namespace odeon::http {
namespace {

constexpr std::size_t kMaxPartHead = 8 * 1024;
constexpr std::size_t kMaxTextField = 64 * 1024;
constexpr std::size_t kMaxParts = 100;

Error broken_form(std::string_view what) {
  return Error(Fault::invalid, "INVALID_FORM", fmt::format("The form is not valid multipart/form-data: {}.", what));
}

// The value of a parameter of a header value: form-data; name="x"; filename="y".
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
  std::size_t at = 0;
  while ((at = header.find(';', at)) != std::string_view::npos) {
    ++at;
    std::string_view rest = text::trim(header.substr(at));
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const bool wanted = text::equals_ignoring_case(text::trim(rest.substr(0, equals)), name);
    rest.remove_prefix(equals + 1);
    std::string value;
    std::size_t used = 0;
    if (rest.starts_with('"')) {
      for (used = 1; used < rest.size() && rest[used] != '"'; ++used) {
        if (rest[used] == '\\' && used + 1 < rest.size() && (rest[used + 1] == '"' || rest[used + 1] == '\\')) ++used;
        value += rest[used];
      }
    } else {
      used = std::min(rest.find(';'), rest.size());
      value = text::trim(rest.substr(0, used));
    }
    if (wanted) return value;
    at = static_cast<std::size_t>(rest.data() - header.data()) + std::min(used, rest.size());
  }
  return std::nullopt;
}

PartHead parse_head(std::string_view lines) {
  PartHead head;
  std::string disposition;
  for (auto line : text::split(lines, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = text::trim(line.substr(0, colon)), value = text::trim(line.substr(colon + 1));
    if (text::equals_ignoring_case(name, "Content-Disposition")) disposition = value;
    if (text::equals_ignoring_case(name, "Content-Type")) head.content_type = value;
  }
  const auto name = parameter(disposition, "name");
  if (!disposition.starts_with("form-data") || !name) throw broken_form("a part has no name");
  head.name = *name;
  head.file_name = parameter(disposition, "filename");
  if (head.file_name) {
    const auto slash = head.file_name->find_last_of("/\\");
    if (slash != std::string::npos) head.file_name->erase(0, slash + 1);
    *head.file_name = text::prefix(text::to_valid_utf8(*head.file_name), 255);
  }
  return head;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  const auto type = text::trim(content_type.substr(0, content_type.find(';')));
  if (!text::equals_ignoring_case(type, "multipart/form-data")) return std::nullopt;
  auto boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70) return std::nullopt;
  return boundary;
}

// The buffer holds what was read and not yet given out; a delimiter may be split over reads, so the
// last delimiter.size() - 1 bytes are kept back until more came.
struct MultipartReader::State final : ByteSource {
  State(ByteSource& from, std::string boundary) : source(from), delimiter("\r\n--" + boundary), buffer("\r\n") {}

  Task<bool> fill() {
    std::array<char, 16384> chunk;
    const auto count = co_await source.read(chunk);
    buffer.append(chunk.data(), count);
    co_return count > 0;
  }

  Task<std::size_t> read(std::span<char> into) override {
    if (at_delimiter) co_return 0;
    for (;;) {
      const auto found = buffer.find(delimiter);
      std::size_t ready = found;
      if (found == std::string::npos) ready = buffer.size() - std::min(buffer.size(), delimiter.size() - 1);
      if (ready > 0) {
        ready = std::min(ready, into.size());
        std::memcpy(into.data(), buffer.data(), ready);
        buffer.erase(0, ready);
        co_return ready;
      }
      if (found == 0) {
        buffer.erase(0, delimiter.size());
        at_delimiter = true;
        co_return 0;
      }
      if (!co_await fill()) throw broken_form("it ends early");
    }
  }

  ByteSource& source;
  std::string delimiter;
  std::string buffer;  // starts with a line end, so that the first delimiter looks like the others
  bool at_delimiter = false;
};

MultipartReader::MultipartReader(ByteSource& source, std::string boundary)
    : state_(std::make_unique<State>(source, std::move(boundary))) {}
MultipartReader::~MultipartReader() = default;

ByteSource& MultipartReader::content() {
  return *state_;
}

Task<std::optional<PartHead>> MultipartReader::next() {
  State& state = *state_;
  std::array<char, 16384> skipped;
  while (co_await state.read(skipped) > 0) {
  }
  while (state.buffer.size() < 2)
    if (!co_await state.fill()) throw broken_form("it ends early");
  if (state.buffer.starts_with("--")) co_return std::nullopt;
  std::size_t end = 0;
  while ((end = state.buffer.find("\r\n\r\n")) == std::string::npos) {
    if (state.buffer.size() > kMaxPartHead)
      throw Error(Fault::too_large, "FORM_TOO_LARGE", "The header of a part of the form is too large.");
    if (!co_await state.fill()) throw broken_form("it ends early");
  }
  PartHead head = parse_head(std::string_view(state.buffer).substr(0, end));
  state.buffer.erase(0, end + 2);
  state.at_delimiter = false;
  // The line end after the head belongs to the next delimiter when the part is empty.
  while (state.buffer.size() < state.delimiter.size() && state.delimiter.starts_with(state.buffer))
    if (!co_await state.fill()) throw broken_form("it ends early");
  if (!state.buffer.starts_with(state.delimiter)) state.buffer.erase(0, 2);
  co_return head;
}

namespace {

// "days[]" is one of the list `days`, as SDKs and browsers' forms write it.
void add_text(json::object& fields, std::string_view name, std::string_view text) {
  constexpr std::string_view of_list = "[]";
  if (!name.ends_with(of_list)) {
    fields[name] = text;
    return;
  }
  name.remove_suffix(of_list.size());
  auto& list = fields[name];
  if (!list.is_array()) list = json::array();
  list.get_array().emplace_back(text);
}

// The same bytes, which somebody watches as they are read.
class WatchedSource final : public ByteSource {
 public:
  WatchedSource(ByteSource& source, UploadWatcher& watcher) : source_(source), watcher_(watcher) {}
  Task<std::size_t> read(std::span<char> into) override {
    const auto count = co_await source_.read(into);
    watcher_.arrived(into.first(count));
    co_return count;
  }

 private:
  ByteSource& source_;
  UploadWatcher& watcher_;
};

// Fills in what storing it tells.
Task<void> store_part(Call& call, Services& services, ByteSource& content, const json::object& fields,
                      StoredPart& part) {
  if (*call.watch_upload) part.watcher = (*call.watch_upload)(fields);
  if (part.watcher == nullptr) {
    co_await services.uploads.store(part.upload, content, call.info->max_body);
    co_return;
  }
  WatchedSource watched(content, *part.watcher);
  co_await services.uploads.store(part.upload, watched, call.info->max_body);
}

Task<void> read_parts(MultipartReader& reader, Call& call, Services& services,
                      const std::vector<std::string_view>& uploads, Input& input) {
  std::size_t count = 0;
  while (auto head = co_await reader.next()) {
    if (++count > kMaxParts) throw broken_form("it has too many parts");
    if (!head->file_name) {
      add_text(input.fields, head->name, co_await read_all(reader.content(), kMaxTextField));
      continue;
    }
    if (std::ranges::find(uploads, head->name) == uploads.end()) continue;  // nobody here wants it
    if (input.fields.contains(head->name)) throw broken_form("two parts have one name");
    StoredPart part{.upload = {.file_name = *head->file_name, .content_type = head->content_type}, .watcher = nullptr};
    co_await store_part(call, services, reader.content(), input.fields, part);
    const auto& upload = input.uploads.emplace_back(std::move(part)).upload;
    input.fields[head->name] = json::object{{"key", upload.key},
                                            {"file_name", upload.file_name},
                                            {"content_type", upload.content_type},
                                            {"size", upload.size}};
  }
}

}  // namespace

Task<void> read_form(Call& call, Services& services, std::vector<std::string_view> uploads, Input& input) {
  const auto boundary = multipart_boundary(call.request.headers.get("Content-Type"));
  if (!boundary) throw Error(Fault::unsupported_type, "UNSUPPORTED_TYPE", "Send the body as multipart/form-data.");
  input.source = json::Source::text;
  MultipartReader reader(*call.request.body, *boundary);
  std::exception_ptr failure;
  try {
    co_await read_parts(reader, call, services, uploads, input);
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) co_return;
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  for (const auto& part : input.uploads) co_await services.uploads.discard(part.upload.key);
  std::rethrow_exception(failure);
}

}  // namespace odeon::http
