#include "engine/ai/providers/batch_answers.hpp"

#include <charconv>

#include "engine/ai/providers/checked_reply.hpp"
#include "engine/ai/providers/provider_errors.hpp"
#include "engine/ai/providers/wire_json.hpp"

namespace odeon::ai {
namespace {

constexpr std::string_view kRequest = "request-";

// Only as it was written.
std::optional<std::size_t> place_of(std::string_view id) {
  if (!id.starts_with(kRequest)) return std::nullopt;
  const std::string_view digits = id.substr(kRequest.size());
  std::size_t place = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), place);
  if (fault != std::errc() || batch_request_id(place) != id) return std::nullopt;
  return place;
}

const Usage& used_by(const BatchAnswer& answer) {
  return answer ? answer->usage : answer.error().usage;
}

}  // namespace

std::string batch_request_id(std::size_t place) {
  return std::string(kRequest) + std::to_string(place);
}

BatchAnswers::BatchAnswers(std::vector<BatchEntry> entries, std::string model)
    : entries_(std::move(entries)),
      model_(std::move(model)),
      provider_(model_.substr(0, model_.find('/'))),
      answers_(entries_.size()) {}

BatchAnswer BatchAnswers::judged(const boost::json::object& line, const BatchEntry& entry, const Read& read) const {
  try {
    TextReply reply = checked_reply(read(line), {.json = entry.json}, provider_);
    reply.model = model_;
    return reply;
  } catch (const FailedAfterUse& error) {
    return std::unexpected(error);
  } catch (const Error& error) {
    return std::unexpected(FailedAfterUse(error, {}));
  }
}

void BatchAnswers::take(std::string_view line, const Read& read) {
  const auto object = wire::object_or_empty(line);
  const auto place = place_of(wire::text_of(wire::member(object, "custom_id")));
  if (!place || *place >= answers_.size()) return;
  auto& answer = answers_[*place];
  if (!answer)
    answer = judged(object, entries_[*place], read);
  else  // which of them is true, nobody can know; it is paid once
    answer = std::unexpected(FailedAfterUse(unusable("ANSWERED_TWICE", provider_, "two results"), used_by(*answer)));
}

std::vector<BatchAnswer> BatchAnswers::finish(const Error& missing) && {
  std::vector<BatchAnswer> all;
  all.reserve(answers_.size());
  for (auto& answer : answers_)
    all.push_back(answer ? std::move(*answer) : std::unexpected(FailedAfterUse(missing, {})));
  return all;
}

std::vector<BatchAnswer> BatchAnswers::fail(const Error& error) && {
  return std::vector<BatchAnswer>(answers_.size(), std::unexpected(FailedAfterUse(error, {})));
}

Error batch_expired() {
  return Error(Fault::timeout, kBatchExpired, "The AI provider did not come to this within a day.");
}

Error batch_cancelled() {
  return Error(Fault::conflict, kBatchCancelled, "This was cancelled before it was answered.");
}

Error batch_gone() {
  return Error(Fault::gone, kBatchGone, "The AI provider does not have the answer to this any more.");
}

}  // namespace odeon::ai
