#include "engine/ai/text_stream.hpp"

namespace odeon::ai {
namespace {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

class WholeReply final : public TextStream {
 public:
  explicit WholeReply(TextReply reply) : events_(events_of(reply)) {}
  Task<TextEvents> next() override { co_return std::exchange(events_, {}); }

 private:
  TextEvents events_;
};

}  // namespace

void ReplyBuilder::take(TextEvent event) {
  auto& parts = reply_.message.parts;
  std::visit(Overloaded{
                 [&](TextDelta& delta) {
                   auto* last = parts.empty() ? nullptr : std::get_if<TextPart>(&parts.back());
                   if (last != nullptr && last->refusal == delta.refusal)
                     last->text += delta.text;
                   else
                     parts.emplace_back(TextPart{std::move(delta.text), delta.refusal});
                 },
                 [&](const ReasoningDelta& delta) {
                   auto* last = parts.empty() || delta.begins ? nullptr : std::get_if<Reasoning>(&parts.back());
                   if (last == nullptr) last = &std::get<Reasoning>(parts.emplace_back(Reasoning{}));
                   last->text += delta.text;
                   last->signature += delta.signature;
                   last->redacted = last->redacted || delta.redacted;
                 },
                 [&](ToolCallBegin& call) {
                   calls_.push_back(parts.size());
                   parts.emplace_back(ToolCall{
                       .id = std::move(call.id), .name = std::move(call.name), .signature = std::move(call.signature)});
                 },
                 [&](const ToolCallDelta& delta) {
                   std::get<ToolCall>(parts.at(calls_.at(delta.index))).arguments += delta.arguments;
                 },
                 [](const Continued&) {},
                 [&](Finished& end) {
                   reply_.finish = end.finish;
                   reply_.usage = end.usage;
                   reply_.id = std::move(end.id);
                   reply_.stop_word = std::move(end.stop_word);
                 },
             },
             event);
}

TextReply ReplyBuilder::finish() && {
  return std::move(reply_);
}

TextEvents events_of(const TextReply& reply) {
  TextEvents events;
  std::size_t calls = 0;
  for (const auto& part : reply.message.parts)
    std::visit(Overloaded{
                   [&](const TextPart& text) {
                     if (!text.text.empty()) events.emplace_back(TextDelta{text.text, text.refusal});
                   },
                   [&](const Reasoning& thought) {
                     events.emplace_back(ReasoningDelta{thought.text, thought.signature, thought.redacted, true});
                   },
                   [&](const ToolCall& call) {
                     events.emplace_back(ToolCallBegin{calls, call.id, call.name, call.signature});
                     events.emplace_back(ToolCallDelta{calls++, call.arguments});
                   },
                   [](const auto&) {},
               },
               part);
  events.emplace_back(Finished{reply.finish, reply.usage, reply.id, reply.stop_word});
  return events;
}

std::unique_ptr<TextStream> stream_of(TextReply reply) {
  return std::make_unique<WholeReply>(std::move(reply));
}

Task<std::unique_ptr<TextStream>> TextModel::stream(const TextRequest& request, TraceContext place) {
  co_return stream_of(co_await complete(request, place));
}

Task<TextReply> collect(TextStream& stream) {
  ReplyBuilder builder;
  for (;;) {
    auto events = co_await stream.next();
    if (events.empty()) break;
    for (auto& event : events) builder.take(std::move(event));
  }
  co_return std::move(builder).finish();
}

}  // namespace odeon::ai
