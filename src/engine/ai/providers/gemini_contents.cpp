#include "engine/ai/providers/gemini_contents.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;

// What Google takes in place of a signature that nobody has, as in a conversation that began with another model
// (ai.google.dev/gemini-api/docs/thought-signatures).
constexpr std::string_view kUnsigned = "skip_thought_signature_validator";

Error misplaced(const char* what) {
  return Error(Fault::invalid, kUnsupported, what);
}

// Empty for what another provider signed.
std::string_view own(std::string_view signature) {
  return signature.starts_with(kGoogleSigned) ? signature.substr(kGoogleSigned.size()) : std::string_view();
}

// Google wants to be told what it will find at an address.
std::string_view type_by_address(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::string end = text::to_lower(url.substr(std::min(url.rfind('.'), url.size())));
  if (end == ".png") return "image/png";
  if (end == ".webp") return "image/webp";
  if (end == ".gif") return "image/gif";
  return "image/jpeg";
}

bj::object picture_part(const Picture& picture) {
  if (picture.url.empty())
    return {{"inlineData", bj::object{{"mimeType", picture.media_type}, {"data", crypto::to_base64(picture.bytes)}}}};
  const std::string_view type = picture.media_type.empty() ? type_by_address(picture.url) : picture.media_type;
  return {{"fileData", bj::object{{"mimeType", type}, {"fileUri", picture.url}}}};
}

}  // namespace

void GeminiContents::add(const Message& message) {
  const bool rules = message.role == MessageRole::system, model = message.role == MessageRole::assistant;
  const std::string_view role = model ? "model" : "user";
  for (const auto& part : message.parts) {
    if (const auto* text = std::get_if<TextPart>(&part)) {
      if (!text->text.empty()) (rules ? system_ : parts_of(role)).push_back(bj::object{{"text", text->text}});
    } else if (rules) {
      throw misplaced("Instructions of the system are text.");
    } else if (const auto* picture = std::get_if<Picture>(&part)) {
      parts_of(role).push_back(picture_part(*picture));
    } else if (const auto* answer = std::get_if<ToolResult>(&part)) {
      result(*answer);
    } else if (const auto* thought = std::get_if<Reasoning>(&part)) {
      if (model) think(*thought);
    } else if (model) {
      call(std::get<ToolCall>(part));
    } else {
      throw misplaced("Only the model calls tools.");
    }
  }
}

bj::array& GeminiContents::parts_of(std::string_view role) {
  if (turn_.role != role) {
    turn_ = {.role = role};
    contents_.push_back(bj::object{{"role", role == "tool" ? "user" : role}, {"parts", bj::array()}});
  }
  return contents_.back().get_object()["parts"].get_array();
}

void GeminiContents::call(const ToolCall& call) {
  calls_[call.id] = {call.name, made_++};
  bj::object written{{"name", call.name}, {"args", wire::object_or_empty(call.arguments)}};
  if (rules_.call_ids) written["id"] = call.id;
  bj::object part{{"functionCall", std::move(written)}};
  auto& parts = parts_of("model");
  // Of calls side by side, the first has the signature.
  if (const auto signature = own(call.signature); !signature.empty())
    part["thoughtSignature"] = signature;
  else if (rules_.signed_calls && !turn_.has_call)
    part["thoughtSignature"] = kUnsigned;
  turn_.has_call = true;
  parts.push_back(std::move(part));
}

void GeminiContents::result(const ToolResult& result) {
  const auto known = calls_.find(result.id);
  const std::string& name = result.name.empty() && known != calls_.end() ? known->second.name : result.name;
  if (name.empty()) throw misplaced("This is the result of a call that nobody made.");
  bj::object written{{"name", name}, {"response", bj::object{{result.failed ? "error" : "output", result.content}}}};
  if (rules_.call_ids) written["id"] = result.id;
  auto& parts = parts_of("tool");
  const std::size_t order = known != calls_.end() ? known->second.order : made_;
  const auto place = std::ranges::upper_bound(turn_.results, order);
  parts.insert(parts.begin() + (place - turn_.results.begin()), bj::object{{"functionResponse", std::move(written)}});
  turn_.results.insert(place, order);
}

// Thoughts without a signature tell Google nothing.
void GeminiContents::think(const Reasoning& thought) {
  const auto signature = own(thought.signature);
  if (signature.empty()) return;
  auto& parts = parts_of("model");
  if (!thought.redacted) {
    parts.push_back(bj::object{{"text", thought.text}, {"thought", true}, {"thoughtSignature", signature}});
    return;
  }
  auto* text = parts.empty() ? nullptr : parts.back().if_object();
  if (text != nullptr && text->contains("text") && !text->contains("thoughtSignature"))
    (*text)["thoughtSignature"] = signature;
  else
    parts.push_back(bj::object{{"text", ""}, {"thoughtSignature", signature}});
}

void GeminiContents::put_into(bj::object& body) && {
  if (contents_.empty() && !system_.empty())  // Google wants something to answer to
    contents_.push_back(bj::object{{"role", "user"}, {"parts", std::exchange(system_, {})}});
  if (!system_.empty()) body["systemInstruction"] = bj::object{{"parts", std::move(system_)}};
  body["contents"] = std::move(contents_);
}

}  // namespace odeon::ai
