#include "engine/ai/providers/openai_tool_calls.hpp"

#include <ranges>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
using wire::member;
using wire::text_of;

constexpr std::size_t kIdDigits = 24;

std::string made_up_id(const std::string& answer_id, std::string_view name, std::size_t place) {
  const std::string seed = answer_id + "/" + std::to_string(place) + "/" + std::string(name);
  return "call_" + crypto::sha256_hex(seed).substr(0, kIdDigits);
}

std::string arguments_of(const bj::value* function) {
  const auto* arguments = member(function, "arguments");
  return arguments != nullptr && arguments->is_object() ? bj::serialize(*arguments) : std::string(text_of(arguments));
}

}  // namespace

ToolCallReader::Call& ToolCallReader::call_of(std::optional<std::int64_t> index, std::string_view id,
                                              std::string_view name) {
  const auto known = std::ranges::find_if(calls_ | std::views::reverse, [&](const Call& call) {
    if (index) return call.index == index;
    return id.empty() ? name.empty() : call.id == id;
  });
  const bool found = known != std::ranges::rend(calls_);
  // One place for several calls: another id with a name of its own is another call.
  const bool another = found && known->place && !name.empty() && !id.empty() && !known->id.empty() && known->id != id;
  if (found && !another) return *known;
  return calls_.emplace_back(Call{.index = index, .id = std::string(id), .waiting = ""});
}

void ToolCallReader::take(const bj::object& piece, const std::string& answer_id, TextEvents& events) {
  const auto* given = member(piece, "index");
  const auto index = given != nullptr ? json::as_integer(*given, json::Source::body) : std::nullopt;
  auto id = text_of(member(piece, "id"));
  if (id == "null") id = {};  // Mistral's way to say that there is none
  const auto* function = member(piece, "function");
  const auto name = text_of(member(function, "name"));
  Call& call = call_of(index, id, name);
  if (call.id.empty()) call.id = id;
  call.waiting += arguments_of(function);
  if (!call.place && !name.empty()) {
    call.place = begun_++;
    events.push_back(ToolCallBegin{.index = *call.place,
                                   .id = call.id.empty() ? made_up_id(answer_id, name, *call.place) : call.id,
                                   .name = std::string(name),
                                   .signature = ""});
  }
  if (call.place && !call.waiting.empty())
    events.push_back(ToolCallDelta{*call.place, std::exchange(call.waiting, {})});
}

}  // namespace odeon::ai
