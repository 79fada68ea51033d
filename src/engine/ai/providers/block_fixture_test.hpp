// Replies that come as numbered blocks, made at random: what they are, apart from how a provider writes them.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>

#include "engine/ai/providers/block_events.hpp"
#include "engine/ai/providers/dialect.hpp"

namespace odeon::ai::blocks {

struct Block {
  enum class Kind { text, thought, redacted, call };
  Kind kind = Kind::text;
  std::vector<std::string> pieces;  // of the text, the thought or the arguments
  std::string id, name;             // of a call
  std::string signature;            // of a thought; all there is of a redacted one, in base64

  std::string whole() const {
    std::string all;
    for (const auto& piece : pieces) all += piece;
    return all;
  }
};

inline std::string any_text() {
  std::string text;
  for (int count = *rc::gen::inRange(1, 5); count > 0; --count)
    text += *rc::gen::element<std::string>("a", "Grüße ", "👋🏽", "\"", "\n", "\\u00e", "—", "}\r\n\r\n",
                                           "data: ", "日本", "\t");
  return text;
}

// In one to four pieces of whole characters.
inline std::vector<std::string> in_pieces(const std::string& text) {
  std::vector<std::string> pieces(1);
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (begins && !pieces.back().empty() && pieces.size() < 4 && *rc::gen::inRange(0, 4) == 0) pieces.emplace_back();
    pieces.back() += c;
  }
  return pieces;
}

inline std::vector<Block> any_blocks() {
  std::vector<Block> blocks;
  for (int count = *rc::gen::inRange(0, 6); count > 0; --count) {
    Block block{
        .kind = *rc::gen::element(Block::Kind::text, Block::Kind::thought, Block::Kind::redacted, Block::Kind::call)};
    const std::string number = std::to_string(count);
    if (block.kind == Block::Kind::call) {
      block.id = "toolu_" + number;
      block.name = "tool_" + number;
      const auto arguments =
          *rc::gen::element(boost::json::object(), boost::json::object{{"q", "Grüße \"👋\""}, {"n", 7}});
      // None at all stands for an empty object.
      if (!arguments.empty()) block.pieces = in_pieces(boost::json::serialize(arguments));
    } else if (block.kind == Block::Kind::redacted) {
      block.signature = "c2VjcmV0" + std::string(count, 'A') + std::string((4 - count % 4) % 4, 'B');
    } else {
      block.pieces = in_pieces(any_text());
      if (block.kind == Block::Kind::thought) block.signature = "sig/" + number + "==";
    }
    blocks.push_back(std::move(block));
  }
  return blocks;
}

// What they come to. Texts in a row are one.
inline Message message_of(const std::vector<Block>& blocks) {
  Message message{MessageRole::assistant, std::vector<Part>{}};
  for (const auto& block : blocks) switch (block.kind) {
      case Block::Kind::text:
        if (message.parts.empty() || !std::holds_alternative<TextPart>(message.parts.back()))
          message.parts.emplace_back(TextPart{});
        std::get<TextPart>(message.parts.back()).text += block.whole();
        break;
      case Block::Kind::thought:
        message.parts.emplace_back(Reasoning{block.whole(), block.signature});
        break;
      case Block::Kind::redacted:
        message.parts.emplace_back(Reasoning{"", block.signature, true});
        break;
      case Block::Kind::call:
        message.parts.emplace_back(ToolCall{block.id, block.name, block.pieces.empty() ? "{}" : block.whole(), ""});
        break;
    }
  return message;
}

inline std::string shown(const Usage& usage) {
  return fmt::format("in {} ({} cached, {} + {} written) out {} ({} thought)", usage.input_tokens, usage.cached_tokens,
                     usage.cache_written_tokens, usage.cache_written_1h_tokens, usage.output_tokens,
                     usage.reasoning_tokens);
}

inline std::string shown(const TextEvents& events) {
  std::string all;
  for (const auto& event : events) {
    if (const auto* text = std::get_if<TextDelta>(&event)) all += "text " + text->text;
    if (const auto* thought = std::get_if<ReasoningDelta>(&event))
      all += fmt::format("thought {}{} {} {}", thought->begins, thought->redacted, thought->text, thought->signature);
    if (const auto* call = std::get_if<ToolCallBegin>(&event))
      all += fmt::format("call {} {} {}", call->index, call->id, call->name);
    if (const auto* more = std::get_if<ToolCallDelta>(&event))
      all += fmt::format("{} {}", more->index, more->arguments);
    if (const auto* end = std::get_if<Finished>(&event))
      all += fmt::format("end {} {} {}", static_cast<int>(end->finish), end->id, shown(end->usage));
    all += '\n';
  }
  return all;
}

// What a translator makes of bytes that come as one, to the end of the stream.
inline TextEvents fed(const TextDialect& dialect, std::string_view bytes) {
  const auto translator = dialect.translator("them");
  TextEvents events;
  translator->take(bytes, events);
  translator->end(events);
  return events;
}

// … and in slices of any length, also within characters and line ends.
inline TextEvents fed_in_slices(const TextDialect& dialect, std::string_view bytes) {
  const auto translator = dialect.translator("them");
  TextEvents events;
  const int longest = *rc::gen::element(1, 7, 200);
  while (!bytes.empty()) {
    const auto slice = bytes.substr(0, *rc::gen::inRange(1, longest + 1));
    translator->take(slice, events);
    bytes.remove_prefix(slice.size());
  }
  translator->end(events);
  return events;
}

struct Failure {
  Error error{Fault::internal, "", "nothing failed"};
  Usage usage;
};
template <class Call>
Failure failure_of(Call call) {
  try {
    call();
  } catch (const FailedAfterUse& error) {
    return {error, error.usage};
  } catch (const Error& error) {
    return {error, {}};
  }
  return {};
}

}  // namespace odeon::ai::blocks
