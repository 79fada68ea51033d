#include "engine/ai/providers/openai_tool_calls.hpp"

#include <ranges>

#include "base/crypto.hpp"
#include "base/json.hpp"

namespace odeon::ai {
namespace {

namespace bj = boost::json;
constexpr std::size_t kIdDigits = 24;

std::string made_up_id(const std::string& answer_id, std::string_view name, std::size_t place) {
  const std::string seed = answer_id + "/" + std::to_string(place) + "/" + std::string(name);
  return "call_" + crypto::sha256_hex(seed).substr(0, kIdDigits);
}

std::string arguments_of(wire::View function) {
  const auto arguments = function.member("arguments");
  return arguments.is_object() ? bj::serialize(arguments.value()) : std::string(arguments.text());
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

void ToolCallReader::take(wire::View piece, const std::string& answer_id, TextEvents& events) {
  const auto index = json::as_integer(piece.member("index").value(), json::Source::body);
  auto id = piece.member("id").text();
  if (id == "null") id = {};  // Mistral's way to say that there is none
  take(index, id, piece.member("function"), answer_id, events);
}

void ToolCallReader::take_only(wire::View function, const std::string& answer_id, TextEvents& events) {
  take(0, "", function, answer_id, events);
}

void ToolCallReader::take(std::optional<std::int64_t> index, std::string_view id, wire::View function,
                          const std::string& answer_id, TextEvents& events) {
  const auto name = function.member("name").text();
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
