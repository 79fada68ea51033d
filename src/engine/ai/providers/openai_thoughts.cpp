#include "engine/ai/providers/openai_thoughts.hpp"

#include <map>

#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;
using wire::text_of;

// Mistral's, and OpenRouter's two that can be read. Others are opaque.
constexpr std::string_view kThinking = "thinking", kText = "reasoning.text", kSummary = "reasoning.summary";

// Under which name a detail has its text; none where there is none to be read.
std::string_view text_key(std::string_view type) {
  if (type == kSummary) return "summary";
  return type == kText || type == kThinking ? "text" : "";
}

// The same text whether it came at once or in pieces.
std::string sorted_json(const bj::object& object) {
  std::map<std::string_view, const bj::value*> members;
  for (const auto& [name, value] : object) members[name] = &value;
  bj::object sorted;
  for (const auto& [name, value] : members) sorted[name] = *value;
  return bj::serialize(sorted);
}

bool differ(const bj::object& a, const bj::object& b, std::string_view name) {
  const auto *left = member(a, name), *right = member(b, name);
  return left != nullptr && right != nullptr && *left != *right;
}

// Pieces of one detail have its type and its place; those that name none follow each other up to a signature.
bool is_more_of(const bj::object& open, const bj::object& piece) {
  return !differ(open, piece, "type") && !differ(open, piece, "index") && !differ(open, piece, "id") &&
         (member(piece, "index") != nullptr || text_of(member(open, "signature")).empty());
}

}  // namespace

void ThoughtReader::take(wire::View message, TextEvents& events) {
  // The details say all that the plain text beside them says.
  const auto details = message.member("reasoning_details").elements();
  for (const auto each : details)
    if (each.is_object()) detail(each.value().as_object(), events);
  if (!details.empty()) return;
  auto plain = message.member("reasoning_content").text();
  if (plain.empty()) plain = message.member("reasoning").text();
  text(plain, events);
}

void ThoughtReader::thinking(wire::View part, TextEvents& events) {
  const auto thought = part.member("thinking");
  if (!thought) return;
  std::string text(thought.text());
  for (const auto piece : thought.elements()) text += piece.member("text").text();
  bj::object piece{{"type", kThinking}, {"text", text}};
  if (const auto signature = part.member("signature").text(); !signature.empty()) piece["signature"] = signature;
  detail(piece, events);
}

void ThoughtReader::text(std::string_view text, TextEvents& events) {
  if (text.empty()) return;
  if (open_ == Open::detail) close(events);
  const bool begins = open_ == Open::nothing;
  open_ = Open::text;
  events.push_back(ReasoningDelta{.text = std::string(text), .signature = "", .begins = begins});
}

void ThoughtReader::detail(const bj::object& detail, TextEvents& events) {
  const auto key = text_key(text_of(member(detail, "type")));
  if (key.empty()) {
    close(events);
    events.push_back(ReasoningDelta{.text = "", .signature = sorted_json(detail), .redacted = true, .begins = true});
    return;
  }
  if (open_ != Open::detail || !is_more_of(details_, detail)) {
    close(events);
    open_ = Open::detail;
    begins_ = true;
    details_.clear();
  }
  for (const auto& [name, value] : detail)
    if (name != key && !value.is_null()) details_[name] = value;
  if (const auto said = text_of(member(detail, key)); !said.empty())
    events.push_back(
        ReasoningDelta{.text = std::string(said), .signature = "", .begins = std::exchange(begins_, false)});
}

void ThoughtReader::close(TextEvents& events) {
  if (std::exchange(open_, Open::nothing) != Open::detail) return;
  const bool needed = text_of(member(details_, "type")) != kThinking || details_.contains("signature");
  if (needed)
    events.push_back(
        ReasoningDelta{.text = "", .signature = sorted_json(details_), .begins = std::exchange(begins_, false)});
}

std::string thought_text(const Message& message) {
  std::string all;
  for (const auto& part : message.parts)
    if (const auto* thought = std::get_if<Reasoning>(&part)) all += thought->text;
  return all;
}

bj::array thought_details(const Message& message) {
  bj::array details;
  for (const auto& part : message.parts) {
    const auto* thought = std::get_if<Reasoning>(&part);
    if (thought == nullptr) continue;
    bj::object detail = wire::object_or_empty(thought->signature);
    const auto type = text_of(member(detail, "type"));
    if (!type.starts_with("reasoning.")) continue;
    if (const auto key = text_key(type); !key.empty()) detail[key] = thought->text;
    details.push_back(std::move(detail));
  }
  return details;
}

bj::array thinking_parts(const Message& message) {
  bj::array parts;
  for (const auto& part : message.parts) {
    const auto* thought = std::get_if<Reasoning>(&part);
    if (thought == nullptr) continue;
    const auto kept = wire::object_or_empty(thought->signature);
    const auto* signature = text_of(member(kept, "type")) == kThinking ? member(kept, "signature") : nullptr;
    if (thought->text.empty() && signature == nullptr) continue;
    bj::array texts;
    texts.push_back(bj::object{{"type", "text"}, {"text", thought->text}});
    bj::object written{{"type", kThinking}, {"thinking", std::move(texts)}};
    if (signature != nullptr) written["signature"] = *signature;
    parts.push_back(std::move(written));
  }
  return parts;
}

}  // namespace odeon::ai
