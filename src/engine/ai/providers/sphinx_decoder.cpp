#include "engine/ai/providers/sphinx_decoder.hpp"

#include <pocketsphinx/pocketsphinx.h>
#include <sphinxbase/err.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "base/shared_library.hpp"

namespace odeon::ai {
namespace {

// The library and its own take two megabytes before the first word; whoever never transcribes does without.
struct Sphinx {
  SharedLibrary base{"libsphinxbase.so.3"};
  SharedLibrary library{"libpocketsphinx.so.3"};
  decltype(&::err_set_logfp) err_set_logfp = base["err_set_logfp"];
  decltype(&::cmd_ln_init) cmd_ln_init = base["cmd_ln_init"];
  decltype(&::cmd_ln_free_r) cmd_ln_free_r = base["cmd_ln_free_r"];
  decltype(&::ps_args) ps_args = library["ps_args"];
  decltype(&::ps_init) ps_init = library["ps_init"];
  decltype(&::ps_free) ps_free = library["ps_free"];
  decltype(&::ps_start_stream) ps_start_stream = library["ps_start_stream"];
  decltype(&::ps_start_utt) ps_start_utt = library["ps_start_utt"];
  decltype(&::ps_process_raw) ps_process_raw = library["ps_process_raw"];
  decltype(&::ps_end_utt) ps_end_utt = library["ps_end_utt"];
  decltype(&::ps_seg_iter) ps_seg_iter = library["ps_seg_iter"];
  decltype(&::ps_seg_next) ps_seg_next = library["ps_seg_next"];
  decltype(&::ps_seg_word) ps_seg_word = library["ps_seg_word"];
  decltype(&::ps_seg_frames) ps_seg_frames = library["ps_seg_frames"];

  Sphinx() { err_set_logfp(nullptr); }
};

const Sphinx& sphinx() {
  static const Sphinx table;
  return table;
}

constexpr double kFramesPerSecond = 100;
constexpr std::int16_t kInaudible = 33;  // −60 dBFS: in what stays below, the library would hear a word all the same

// <s>, <sil>, [NOISE], ++BREATH++.
bool is_filler(std::string_view word) {
  return word.empty() || word.front() == '<' || word.front() == '[' || word.front() == '+';
}

// "leisure(2)" is the second way to say it. English writes the speaker with a capital letter.
std::string written(std::string_view word) {
  std::string text(word.substr(0, word.find('(')));
  if (text == "i" || text.starts_with("i'")) text.front() = 'I';
  return text;
}

}  // namespace

std::vector<std::span<const std::int16_t>> breaths(std::span<const std::int16_t> samples) {
  constexpr std::size_t kStep = kSphinxRate / 100, kLongest = 1'200, kShortest = 400, kQuiet = 20;  // steps
  std::vector<std::span<const std::int16_t>> parts;
  while (samples.size() > kLongest * kStep) {
    std::vector<double> powers;
    for (std::size_t step = 0; step < kLongest; ++step) {
      double power = 0;
      for (const auto sample : samples.subspan(step * kStep, kStep)) power += static_cast<double>(sample) * sample;
      powers.push_back(power);
    }
    std::size_t quietest = kShortest;
    double sum = 0, least = 0;
    for (std::size_t end = kShortest; end < kLongest; ++end) {
      sum += powers[end];
      if (end < kShortest + kQuiet) {
        least = sum;
        continue;
      }
      sum -= powers[end - kQuiet];
      if (sum >= least) continue;
      least = sum;
      quietest = end - kQuiet + 1;
    }
    const std::size_t cut = (quietest + kQuiet / 2) * kStep;
    parts.push_back(samples.first(cut));
    samples = samples.subspan(cut);
  }
  if (!samples.empty()) parts.push_back(samples);
  return parts;
}

struct SphinxDecoder::Handle {
  ~Handle() {
    if (decoder != nullptr) sphinx().ps_free(decoder);
    if (config != nullptr) sphinx().cmd_ln_free_r(config);
  }
  cmd_ln_t* config = nullptr;
  ps_decoder_t* decoder = nullptr;
};

SphinxDecoder::SphinxDecoder(const std::string& models) : handle_(std::make_unique<Handle>()) {
  // Reading its models, the library writes to globals.
  static std::mutex library;
  const std::lock_guard lock(library);
  const Sphinx& calls = sphinx();
  const std::string acoustic = models + "/en-us", language = models + "/en-us.lm.bin",
                    dictionary = models + "/cmudict-en-us.dict";
  // Silence has to stay: what the library takes out is missing from its times.
  handle_->config = calls.cmd_ln_init(nullptr, calls.ps_args(), TRUE, "-hmm", acoustic.c_str(), "-lm", language.c_str(),
                                      "-dict", dictionary.c_str(), "-remove_silence", "no", nullptr);
  if (handle_->config != nullptr) handle_->decoder = calls.ps_init(handle_->config);
  if (handle_->decoder == nullptr)
    throw Error(Fault::unavailable, "NO_SPEECH_MODEL",
                "The models for transcribing English offline are not installed (Debian's pocketsphinx-en-us).");
}
SphinxDecoder::~SphinxDecoder() = default;

std::vector<Spoken> SphinxDecoder::words(std::span<const std::int16_t> samples, const std::stop_token& stop) {
  const Sphinx& calls = sphinx();
  ps_decoder_t* const decoder = handle_->decoder;
  std::vector<Spoken> found;
  double start = 0;
  for (const auto& part : breaths(samples)) {
    if (stop.stop_requested()) throw boost::system::system_error(asio::error::operation_aborted);
    const double end = start + static_cast<double>(part.size()) / kSphinxRate;
    if (std::ranges::all_of(part, [](int sample) { return std::abs(sample) < kInaudible; })) {
      start = end;
      continue;
    }
    // A whole part at once: then its loudness and colour are taken from itself and not from what came before.
    if (calls.ps_start_stream(decoder) < 0 || calls.ps_start_utt(decoder) < 0 ||
        calls.ps_process_raw(decoder, part.data(), part.size(), FALSE, TRUE) < 0 || calls.ps_end_utt(decoder) < 0)
      throw Error(Fault::internal, "NOT_HEARD", "The offline transcription could not listen to this sound.");
    for (ps_seg_t* at = calls.ps_seg_iter(decoder); at != nullptr; at = calls.ps_seg_next(at)) {
      const std::string_view word = calls.ps_seg_word(at);
      if (is_filler(word)) continue;
      int first = 0, last = 0;
      calls.ps_seg_frames(at, &first, &last);
      found.push_back(
          {written(word), start + first / kFramesPerSecond, std::min(start + (last + 1) / kFramesPerSecond, end)});
    }
    start = end;
  }
  return found;
}

}  // namespace odeon::ai
