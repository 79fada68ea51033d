// English speech, written down offline: transcribe_bench SPEECH.wav THREADS. The file is 16 kHz, mono, and heard four
// times by as many decoders as there are threads.
#include <fmt/format.h>

#include <fstream>

#include "base/error.hpp"
#include "engine/ai/providers/pocketsphinx.hpp"

namespace odeon::bench {
namespace {

constexpr int kTimes = 4;

void transcribe(const char* path, std::size_t threads) {
  std::ifstream file(path, std::ios::binary);
  const std::string wav{std::istreambuf_iterator<char>(file), {}};
  ThreadPool pool(threads);
  ai::PocketsphinxTranscription model(pool);
  const auto hear = [&](std::size_t times) {
    std::vector<Task<ai::Transcript>> hearings;
    for (std::size_t i = 0; i < times; ++i) hearings.push_back(model.transcribe({.audio = wav, .language = "en"}));
    const auto start = std::chrono::steady_clock::now();
    double seconds = 0;
    for (const auto& heard : run_task(all_of(std::move(hearings)))) seconds += heard.seconds;
    return seconds / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  hear(threads);  // the decoders are made
  fmt::print("speed {:.2f}\n", hear(kTimes));
  pool.join();
}

}  // namespace
}  // namespace odeon::bench

int main(int count, char** arguments) {
  if (count != 3) return fmt::print(stderr, "usage: transcribe_bench SPEECH.wav THREADS\n"), 2;
  try {
    odeon::bench::transcribe(arguments[1], std::stoul(arguments[2]));
  } catch (...) {
    fmt::print(stderr, "transcribe: {}\n", odeon::describe(std::current_exception()));
    return 1;
  }
}
