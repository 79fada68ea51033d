// Texts that can wait: many are handed over at once and answered within a day, for less (half, as a rule). Whoever asks
// keeps a ticket where it survives, and comes back with it: nothing of a batch lives in a process. As two kinds of
// jobs, each of which ends in the transaction that enqueues the next:
//
//   Ask:      ticket = co_await gateway.submit_batch(requests);
//             enqueue Collect{ticket} at now + until_next_look(ticket, now), complete this job, commit
//   Collect:  look = co_await gateway.collect_batch(ticket);
//             no answers yet: as above; else: store them, complete this job, commit
//
// A process that dies after submitting and before its commit has asked in vain, and asks again: that is paid.
#pragma once

#include <boost/describe.hpp>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "engine/ai/text.hpp"

namespace odeon::ai {

inline constexpr std::size_t kMostInBatch = 5'000;

// Who pays for some of a batch, and what is held for that.
struct BatchPayer {
  std::string user_id, product, tier;
  std::string reservation;  // empty: nothing is counted
  bool broke = false;       // had nothing left: theirs was not sent
};
BOOST_DESCRIBE_STRUCT(BatchPayer, (), (user_id, product, tier, reservation, broke))

// What is remembered of a request until its answer is here.
struct BatchEntry {
  std::string task;
  bool json = false;       // the answer has to be
  std::int64_t payer = 0;  // place among the payers
};
BOOST_DESCRIBE_STRUCT(BatchEntry, (), (task, json, payer))

struct BatchTicket {
  std::string key;    // ours: by it nothing is written into the books twice
  std::string model;  // who was asked: "openai/gpt-4o-mini"
  std::string id;     // as that provider calls the batch
  Instant submitted_at;
  std::vector<BatchPayer> payers;
  std::vector<BatchEntry> entries;  // in the order of the requests
};
BOOST_DESCRIBE_STRUCT(BatchTicket, (), (key, model, id, submitted_at, payers, entries))

// A refusal is an answer here (Finish::declined).
using BatchAnswer = std::expected<TextReply, FailedAfterUse>;

struct BatchLook {
  std::size_t ended = 0;  // requests so far, as far as the provider says so
  // Of every request, in their order, once no more will come.
  std::optional<std::vector<BatchAnswer>> answers;
};

// When to look again: soon at first, every half an hour in the end. Providers give up after a day themselves.
std::chrono::seconds until_next_look(const BatchTicket& ticket, Instant now);

// Codes of answers that did not come to be: the day was over, it was cancelled, the provider does not know the batch or
// has thrown the answers away.
inline constexpr const char *kBatchExpired = "BATCH_EXPIRED", *kBatchCancelled = "BATCH_CANCELLED",
                            *kBatchGone = "BATCH_GONE";

// Failures of calls are Errors as TextModel's are.
class BatchModel {
 public:
  virtual ~BatchModel() = default;
  virtual std::string name() const = 0;  // "openai/gpt-4o-mini"
  // The provider's id. Of the requests only what is asked counts: not who asks, nor of which models.
  virtual Task<std::string> submit(std::vector<TextRequest> requests) = 0;
  // Of the ticket its id and its entries. As often as anybody likes, also once there are answers.
  virtual Task<BatchLook> look(BatchTicket ticket) = 0;
  // What is not answered yet will not be, but for what is under way; nothing happens to what has ended.
  virtual Task<void> cancel(std::string id) = 0;
  // As TextModel has it.
  virtual std::int64_t room_to_think(const TextRequest&) const { return 0; }
};

}  // namespace odeon::ai
