#include "engine/ai/cache.hpp"

#include <bit>
#include <cstring>

#include "base/crypto.hpp"
#include "base/json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

// Everything with its length before it, so that no two requests read the same.
class Print {
 public:
  Print& put(std::string_view text) {
    const std::uint64_t size = text.size();
    digest_.update({reinterpret_cast<const char*>(&size), sizeof size});
    digest_.update(text);
    return *this;
  }
  Print& put(std::int64_t number) {
    return put(std::string_view(reinterpret_cast<const char*>(&number), sizeof number));
  }
  Print& put(std::optional<double> number) {
    return put(number ? std::bit_cast<std::int64_t>(*number) : 0).put(std::int64_t{number.has_value()});
  }
  std::string finish(std::string_view kind) { return fmt::format("ai:{}:{}", kind, crypto::to_hex(digest_.finish())); }

 private:
  crypto::Digest digest_{crypto::Digest::Algorithm::sha256};
};

void print_part(Print& print, const Part& part) {
  print.put(static_cast<std::int64_t>(part.index()));
  if (const auto* text = std::get_if<TextPart>(&part))
    print.put(text->text);
  else if (const auto* picture = std::get_if<Picture>(&part))
    print.put(picture->media_type)
        .put(picture->bytes)
        .put(picture->url)
        .put(static_cast<std::int64_t>(picture->detail));
  else if (const auto* call = std::get_if<ToolCall>(&part))
    print.put(call->id).put(call->name).put(call->arguments).put(call->signature);
  else if (const auto* result = std::get_if<ToolResult>(&part))
    print.put(result->id).put(result->name).put(result->content).put(std::int64_t{result->failed});
  else if (const auto* thought = std::get_if<Reasoning>(&part))
    print.put(thought->text).put(thought->signature).put(std::int64_t{thought->redacted});
}

// ---- answers as JSON: [model, [[event, …], …]], an event as ["its kind", …] ------------------------------

bj::value event_to_json(const TextEvent& event) {
  if (const auto* text = std::get_if<TextDelta>(&event)) return bj::array{"text", text->text};
  if (const auto* thought = std::get_if<ReasoningDelta>(&event))
    return bj::array{"thought", thought->text, thought->signature, thought->redacted, thought->begins};
  if (const auto* call = std::get_if<ToolCallBegin>(&event))
    return bj::array{"call", call->index, call->id, call->name, call->signature};
  if (const auto* more = std::get_if<ToolCallDelta>(&event)) return bj::array{"more", more->index, more->arguments};
  if (const auto* other = std::get_if<Continued>(&event)) return bj::array{"continued", other->model};
  const auto& end = std::get<Finished>(event);
  return bj::array{"end",
                   static_cast<int>(end.finish),
                   end.id,
                   end.usage.input_tokens,
                   end.usage.output_tokens,
                   end.usage.reasoning_tokens,
                   end.stop_word};
}

// Throws what Boost.JSON throws at another shape.
TextEvent event_of(const bj::array& written) {
  const std::string_view kind = written.at(0).as_string();
  const auto text = [&](std::size_t at) { return std::string(written.at(at).as_string()); };
  const auto count = [&](std::size_t at) { return written.at(at).to_number<std::int64_t>(); };
  if (kind == "text") return TextDelta{text(1)};
  if (kind == "thought") return ReasoningDelta{text(1), text(2), written.at(3).as_bool(), written.at(4).as_bool()};
  if (kind == "call") return ToolCallBegin{written.at(1).to_number<std::size_t>(), text(2), text(3), text(4)};
  if (kind == "more") return ToolCallDelta{written.at(1).to_number<std::size_t>(), text(2)};
  if (kind == "continued") return Continued{text(1)};
  const auto finish = static_cast<Finish>(std::clamp<std::int64_t>(count(1), 0, 3));
  return Finished{finish,
                  {.input_tokens = count(3), .output_tokens = count(4), .reasoning_tokens = count(5), .stated_cost = 0},
                  text(2),
                  text(6)};
}

class Replay final : public TextStream {
 public:
  explicit Replay(KeptAnswer answer) : reads_(std::move(answer.reads)) {}
  Task<TextEvents> next() override { co_return next_ < reads_.size() ? std::move(reads_[next_++]) : TextEvents{}; }

 private:
  std::vector<TextEvents> reads_;
  std::size_t next_ = 0;
};

class Overheard final : public TextStream {
 public:
  Overheard(std::unique_ptr<TextStream> answer, std::string model, std::function<void(KeptAnswer)> hear)
      : answer_(std::move(answer)), hear_(std::move(hear)), heard_{std::move(model), {}} {}
  Task<TextEvents> next() override {
    auto events = co_await answer_->next();
    if (events.empty() || !hear_) co_return events;
    heard_.reads.push_back(events);
    if (const auto* end = std::get_if<Finished>(&events.back())) {
      if (end->finish != Finish::declined) hear_(std::move(heard_));
      hear_ = nullptr;
    }
    co_return events;
  }
  Usage used() const override { return answer_->used(); }

 private:
  std::unique_ptr<TextStream> answer_;
  std::function<void(KeptAnswer)> hear_;
  KeptAnswer heard_;
};

}  // namespace

std::string cache_key(const TextRequest& request) {
  Print print;
  print.put(request.caching == Caching::shared ? "" : request.payer.user_id).put(request.payer.product);
  print.put(std::ssize(request.messages));
  for (const auto& message : request.messages) {
    print.put(static_cast<std::int64_t>(message.role)).put(std::ssize(message.parts));
    for (const auto& part : message.parts) print_part(print, part);
  }
  print.put(std::int64_t{request.max_tokens}).put(request.temperature).put(request.top_p);
  print.put(std::ssize(request.stop));
  for (const auto& stop : request.stop) print.put(stop);
  print.put(static_cast<std::int64_t>(request.form.kind)).put(request.form.name).put(request.form.schema);
  print.put(request.form.description).put(std::int64_t{request.form.strict});
  print.put(std::ssize(request.tools));
  for (const auto& tool : request.tools)
    print.put(tool.name).put(tool.description).put(tool.parameters).put(std::int64_t{tool.strict});
  print.put(static_cast<std::int64_t>(request.tool_choice.mode)).put(request.tool_choice.name);
  print.put(std::int64_t{request.tool_choice.one_at_a_time}).put(static_cast<std::int64_t>(request.effort));
  print.put(std::int64_t{request.may_continue}).put(std::int64_t{request.cut_is_answer});
  // Who is asked first changes with how they do.
  auto models = request.models;
  std::ranges::sort(models);
  print.put(std::ssize(models));
  for (const auto& model : models) print.put(model);
  return print.finish("answer");
}

std::string write(const KeptAnswer& answer) {
  bj::array reads;
  for (const auto& events : answer.reads) {
    bj::array read;
    for (const auto& event : events) read.push_back(event_to_json(event));
    reads.push_back(std::move(read));
  }
  return bj::serialize(bj::array{answer.model, std::move(reads)});
}

std::optional<KeptAnswer> read_kept_answer(std::string_view text) try {
  const bj::value document = json::parse(text);
  KeptAnswer answer{std::string(document.as_array().at(0).as_string()), {}};
  std::size_t calls = 0;
  for (const auto& read : document.as_array().at(1).as_array()) {
    auto& events = answer.reads.emplace_back();
    for (const auto& written : read.as_array()) {
      const auto& event = events.emplace_back(event_of(written.as_array()));
      if (std::holds_alternative<ToolCallBegin>(event)) ++calls;
      // More of a call that has not begun.
      if (const auto* more = std::get_if<ToolCallDelta>(&event); more != nullptr && more->index >= calls)
        return std::nullopt;
    }
  }
  const bool ends = !answer.reads.empty() && !answer.reads.back().empty() &&
                    std::holds_alternative<Finished>(answer.reads.back().back());
  if (!ends) return std::nullopt;
  return answer;
} catch (const std::exception&) {
  return std::nullopt;
}

std::unique_ptr<TextStream> replay(KeptAnswer answer) {
  return std::make_unique<Replay>(std::move(answer));
}

TextReply reply_of(const KeptAnswer& answer) {
  ReplyBuilder builder;
  for (const auto& events : answer.reads)
    for (const auto& event : events) builder.take(event);
  TextReply reply = std::move(builder).finish();
  reply.model = answer.model;
  reply.cached = true;
  return reply;
}

std::unique_ptr<TextStream> overheard(std::unique_ptr<TextStream> answer, std::string model,
                                      std::function<void(KeptAnswer)> hear) {
  return std::make_unique<Overheard>(std::move(answer), std::move(model), std::move(hear));
}

std::string embedding_key(const std::string& user_id, const std::string& model, int dimensions, std::string_view text) {
  return Print().put(user_id).put(model).put(std::int64_t{dimensions}).put(text).finish("embedding");
}

// Little-endian, as every machine that this runs on.
std::string write(const std::vector<float>& vector) {
  return {reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)};
}

std::optional<std::vector<float>> read_vector(std::string_view bytes) {
  if (bytes.empty() || bytes.size() % sizeof(float) != 0) return std::nullopt;
  std::vector<float> vector(bytes.size() / sizeof(float));
  std::memcpy(vector.data(), bytes.data(), bytes.size());
  return vector;
}

}  // namespace odeon::ai
