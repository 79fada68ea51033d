#include "engine/http/respond.hpp"

#include <boost/system/system_error.hpp>

#include "base/error.hpp"
#include "base/log.hpp"
#include "engine/http/compress.hpp"

namespace odeon::http {
namespace {

constexpr std::size_t kSmallBody = 16 * 1024;    // copied behind its head: one write, and answers together
constexpr std::size_t kManyAnswers = 64 * 1024;  // of pipelined requests, before they are written

bool has_no_body(unsigned status) {
  return status < 200 || status == 204 || status == 304;
}

// Long bodies are compressed in slices, letting the loop breathe in between.
Task<std::string> compressed(Connection& connection, std::string body) {
  constexpr std::size_t slice = 64 * 1024;
  std::string out;
  if (body.size() <= slice) {
    Gzip& gzip = connection.loop().gzip();
    gzip.begin(out);
    gzip.add(body);
    gzip.end();
    co_return out;
  }
  Gzip gzip;
  gzip.begin(out);
  for (std::string_view rest = body; !rest.empty(); rest.remove_prefix(std::min(slice, rest.size()))) {
    gzip.add(rest.substr(0, slice));
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  }
  gzip.end();
  co_return out;
}

void add_vary(Headers& headers) {
  const auto vary = headers.find("vary");
  if (!vary || vary->empty()) return headers.set("Vary", "Accept-Encoding");
  if (*vary == "*" || has_option(*vary, "accept-encoding")) return;
  headers.set("Vary", std::string(*vary) + ", Accept-Encoding");
}

Task<void> compress_if_taken(Connection& connection, const Request& request, Response& response) {
  auto& body = std::get<std::string>(response.body);
  add_vary(response.headers);
  if (!takes_gzip(request.headers.get("accept-encoding"))) co_return;
  body = co_await compressed(connection, std::move(body));
  response.headers.set("Content-Encoding", "gzip");
  // Other bytes under the same strong tag would break ranges and caches.
  if (const auto etag = response.headers.find("etag"); etag && !etag->starts_with("W/"))
    response.headers.set("ETag", "W/" + std::string(*etag));
}

Task<void> send_object(Connection& connection, ObjectBody body) {
  const int descriptor = body.object->descriptor();
  if (descriptor >= 0 && connection.transport().can_send_file()) {
    co_await connection.send_file(descriptor, body.offset, body.length);
    co_return;
  }
  constexpr std::size_t slice = 64 * 1024;
  const auto buffer = std::make_unique_for_overwrite<char[]>(slice);
  while (body.length > 0) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(slice, body.length));
    const std::size_t count = co_await body.object->read_at(body.offset, {buffer.get(), wanted});
    if (count == 0) throw Error(Fault::internal, "OBJECT_SHORT", "The object is shorter than it said.");
    body.offset += count;
    body.length -= count;
    co_await connection.write({buffer.get(), count});
  }
}

Task<void> send_parts(Connection& connection, PartsBody body) {
  for (auto& [before, part] : body.parts) {
    connection.output() += before;
    co_await send_object(connection, std::move(part));
  }
  connection.output() += body.end;
}

class StreamWriter final : public BodyWriter {
 public:
  StreamWriter(Connection& connection, bool chunked) : connection_(connection), chunked_(chunked) {}
  Task<void> write(std::string_view bytes) override {
    if (bytes.empty()) co_return;
    if (cut_) throw boost::system::system_error(asio::error::connection_aborted);
    cut_ = true;
    if (chunked_) {
      fmt::format_to(std::back_inserter(connection_.output()), "{:x}\r\n", bytes.size());
      co_await connection_.write(bytes, "\r\n");
    } else {
      co_await connection_.write(bytes);
    }
    cut_ = false;
  }
  void abandon() override { connection_.cancel(); }
  // A write was cancelled half-way, so nothing sensible can follow.
  bool is_cut() const { return cut_; }

 private:
  bool cut_ = false;
  Connection& connection_;
  const bool chunked_;
};

struct StreamEnd {
  std::exception_ptr failure;
  bool cut = false;  // in the middle of a write
};

Task<StreamEnd> run_stream(Connection& connection, StreamBody stream, bool chunked) {
  StreamWriter writer(connection, chunked);
  std::exception_ptr failure;
  connection.set_streaming(true);
  connection.begin_work(true);
  try {
    co_await connection.write();  // the head, before the first bytes exist
    co_await stream(writer);
  } catch (...) {
    failure = std::current_exception();
  }
  connection.set_streaming(false);
  connection.end_work();
  co_return StreamEnd{failure, writer.is_cut()};
}

struct Writer {
  Connection& connection;
  const Request& request;
  Response& response;
  AnswerFraming framing;

  void begin() { append_head(connection.output(), response, framing, connection.loop().date()); }

  // Whether it is in the output now; its head is.
  bool put(std::string_view body) {
    framing.length = body.size();
    if (has_no_body(response.status)) framing.length.reset();
    begin();
    if (request.method == Method::head || has_no_body(response.status)) return true;
    if (body.size() > kSmallBody) return false;
    connection.output() += body;
    return true;
  }

  Task<bool> send(std::string body) {
    if (!put(body))
      co_await connection.write(body);
    else if (connection.output().size() > kManyAnswers)
      co_await connection.write();
    co_return !framing.close;
  }

  Task<bool> send(ObjectBody body) {
    framing.length = body.length;
    begin();
    if (request.method == Method::head) co_return !framing.close;
    co_return co_await finish_objects(send_object(connection, std::move(body)));
  }

  Task<bool> send(PartsBody body) {
    framing.length = body.end.size();
    for (const auto& [before, part] : body.parts) *framing.length += before.size() + part.length;
    begin();
    if (request.method == Method::head) co_return !framing.close;
    co_return co_await finish_objects(send_parts(connection, std::move(body)));
  }

  Task<bool> send(StreamBody body) {
    framing.chunked = !framing.old_version;
    framing.close |= framing.old_version;
    begin();
    if (request.method == Method::head) co_return !framing.close;
    // Events have no last one: to end between two is to end well.
    const bool may_end = response.headers.get("content-type").starts_with("text/event-stream");
    // They are sent, and a stream may last. An assignment would keep their memory.
    static_cast<void>(Headers(std::move(response.headers)));
    const StreamEnd stream = co_await run_stream(connection, std::move(body), framing.chunked);
    if (connection.is_gone()) co_return false;
    // The client must be able to tell a body that was cut from one that ended.
    bool ended_well = !stream.failure && !stream.cut;
    if (connection.is_ending_streams()) {
      co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
      ended_well |= !stream.cut && may_end;
    } else if (stream.failure) {
      log_failure(stream.failure);
    }
    if (!ended_well) {
      connection.reset_on_close = !framing.chunked;
      throw boost::system::system_error(asio::error::connection_aborted);
    }
    if (framing.chunked) connection.output() += "0\r\n\r\n";
    co_return !framing.close && !connection.is_ending_streams();
  }

  Task<bool> send(SocketBody) { co_return false; }  // never: serve.cpp takes these

  // A length was promised: whatever stops the body short of it must break the connection.
  Task<bool> finish_objects(Task<void> body) {
    std::exception_ptr failure;
    try {
      co_await std::move(body);
    } catch (const boost::system::system_error&) {
      throw;
    } catch (...) {
      failure = std::current_exception();
    }
    if (!failure) co_return !framing.close;
    if (!connection.is_gone()) log_failure(failure);
    throw boost::system::system_error(asio::error::connection_aborted);
  }

  void log_failure(const std::exception_ptr& failure) {
    connection.loop().shared().log.error(
        "http.answer_cut", {{"request", request.id}, {"route", request.route}, {"detail", describe(failure)}});
  }
};

Writer writer_of(Connection& connection, const Request& request, const Head& head, Response& response,
                 bool keep_alive) {
  keep_alive = keep_alive && !has_option(response.headers.get("connection"), "close");
  return {connection, request, response, {.close = !keep_alive, .old_version = head.old_version}};
}

}  // namespace

std::optional<bool> respond_now(Connection& connection, const Request& request, const Head& head, Response& response,
                                bool keep_alive) {
  const auto* body = std::get_if<std::string>(&response.body);
  if (body == nullptr || body->size() > kSmallBody || connection.output().size() > kManyAnswers) return std::nullopt;
  if (is_compressible(response, body->size())) {
    if (takes_gzip(request.headers.get("accept-encoding"))) return std::nullopt;
    add_vary(response.headers);
  }
  Writer writer = writer_of(connection, request, head, response, keep_alive);
  writer.put(*body);
  return !writer.framing.close;
}

Task<bool> respond(Connection& connection, const Request& request, const Head& head, Response& response,
                   bool keep_alive) {
  const auto* text = std::get_if<std::string>(&response.body);
  if (text != nullptr && is_compressible(response, text->size()))
    co_await compress_if_taken(connection, request, response);
  Writer writer = writer_of(connection, request, head, response, keep_alive);
  auto body = std::move(response.body);
  co_return co_await std::visit([&](auto& kind) { return writer.send(std::move(kind)); }, body);
}

}  // namespace odeon::http
