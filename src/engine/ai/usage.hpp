// What a call of a model used, by every kind that is priced apart. Providers count differently; these counts do not
// overlap but where it is said.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace odeon::ai {

// Whose call it is: for the ledger and for budgets.
struct Payer {
  std::string user_id;  // empty: nobody's in particular
  std::string product;
  std::string tier;
};

// Billionths of a US dollar.
using NanoUsd = std::int64_t;

// Sound in tokens, as OpenAI counts it (developers.openai.com/api/docs/guides/realtime-costs): one for 100 ms that a
// model hears, one for 50 ms that it speaks. Its prices by the minute come to the same: $0.006 for gpt-4o-transcribe,
// $0.015 for gpt-4o-mini-tts.
inline constexpr std::int64_t kTokensHeardASecond = 10, kTokensSpokenASecond = 20;

struct Usage {
  // Tokens.
  std::int64_t input_tokens = 0;             // all of the input: cached, written to a cache and audio included
  std::int64_t cached_tokens = 0;            // of the input: read from the provider's cache
  std::int64_t cache_written_tokens = 0;     // of the input: written to it, for the usual time (5 minutes)
  std::int64_t cache_written_1h_tokens = 0;  // of the input: written to it, for an hour
  std::int64_t input_audio_tokens = 0;       // of the input
  std::int64_t input_image_tokens = 0;       // of the input
  std::int64_t output_tokens = 0;            // all of the output: reasoning, audio and pictures included
  std::int64_t reasoning_tokens = 0;         // of the output
  std::int64_t output_audio_tokens = 0;      // of the output
  std::int64_t output_image_tokens = 0;      // of the output
  // What is not counted in tokens.
  std::int64_t characters = 0;  // spoken
  double seconds = 0;           // of sound
  std::int64_t images = 0;
  // What the provider says it costs, where it says so (OpenRouter, xAI): it knows better than our table.
  std::optional<NanoUsd> stated_cost;

  // Not so where a provider says nothing of what it used.
  bool counted() const { return anything() || stated_cost; }
  bool anything() const {
    return input_tokens != 0 || output_tokens != 0 || characters != 0 || seconds > 0 || images != 0;
  }
};

}  // namespace odeon::ai
