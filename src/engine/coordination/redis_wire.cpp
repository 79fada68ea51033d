#include "engine/coordination/redis_wire.hpp"

#include <hiredis/read.h>

#include "base/error.hpp"

namespace odeon::coordination::redis {
namespace {

constexpr std::size_t kMaxUnread = 64 * 1024 * 1024;
constexpr int kMaxParts = 65'536;

// hiredis builds replies through these; a null result stops it with an error.
void* place(const redisReadTask* task, Reply reply) noexcept {
  if (!task->parent) return new Reply(std::move(reply));
  auto& list = static_cast<Reply*>(task->parent->obj)->list;
  return &(list[static_cast<std::size_t>(task->idx)] = std::move(reply));
}

void* make_text(const redisReadTask* task, char* bytes, std::size_t size) noexcept {
  const auto kind = task->type == REDIS_REPLY_ERROR ? Reply::Kind::error : Reply::Kind::text;
  return place(task, {.kind = kind, .text = std::string(bytes, size)});
}

void* make_list(const redisReadTask* task, int size) noexcept {
  if (size > kMaxParts) return nullptr;
  return place(task, {.kind = Reply::Kind::list, .list = std::vector<Reply>(static_cast<std::size_t>(size))});
}

void* make_integer(const redisReadTask* task, long long value) noexcept {
  return place(task, {.kind = Reply::Kind::integer, .integer = value});
}

void* make_nil(const redisReadTask* task) noexcept {
  return place(task, {});
}

void free_reply(void* reply) noexcept {
  delete static_cast<Reply*>(reply);
}

redisReplyObjectFunctions builders{make_text, make_list, make_integer, make_nil, free_reply};

void append_part(std::string& out, std::string_view part) {
  out += '$';
  out += std::to_string(part.size());
  out += "\r\n";
  out += part;
  out += "\r\n";
}

template <class Parts>
std::string encode(const Parts& parts) {
  std::string out = "*" + std::to_string(parts.size()) + "\r\n";
  for (const auto& part : parts) append_part(out, part);
  return out;
}

}  // namespace

bool Reply::is_error(std::string_view code) const {
  return is_error() && text.starts_with(code) && (text.size() == code.size() || text[code.size()] == ' ');
}

std::string command(std::initializer_list<std::string_view> parts) {
  return encode(parts);
}

std::string command(const std::vector<std::string>& parts) {
  return encode(parts);
}

ReplyReader::ReplyReader() : reader_(redisReaderCreateWithFunctions(&builders), redisReaderFree) {}

void ReplyReader::feed(std::string_view bytes) {
  redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
}

std::optional<Reply> ReplyReader::next() {
  void* found = nullptr;
  const int outcome = redisReaderGetReply(reader_.get(), &found);
  if (outcome != REDIS_OK || reader_->len - reader_->pos > kMaxUnread)
    throw Error(Fault::upstream, "REDIS_NONSENSE", "Redis does not speak its protocol.")
        .with_detail(outcome == REDIS_OK ? "a reply too large" : reader_->errstr);
  if (!found) return std::nullopt;
  const std::unique_ptr<Reply> reply(static_cast<Reply*>(found));
  return std::move(*reply);
}

}  // namespace odeon::coordination::redis
