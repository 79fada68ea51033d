// What it costs to choose a model, in CPU: how a question looks, by its size, and the way that the rules send it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <string>

#include "engine/ai/routing.hpp"

namespace {

using namespace odeon;
constexpr double kMark = 20;  // µs, of a prompt of 2 KB

// Ordinary prose, which shows nothing before its end.
std::string prompt(std::size_t size) {
  const std::string_view words =
      "The harbour was quiet when Martha opened the window and looked at the old boats. "
      "Le matin, les pêcheurs étaient déjà partis. Am Abend kamen sie müde zurück. ";
  std::string text;
  while (text.size() < size) text += words.substr(0, size - text.size());
  return text;
}

double cpu_micros() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// The median of many rounds.
template <class Call>
double each(int calls, const Call& call) {
  std::array<double, 15> rounds{};
  for (auto& round : rounds) {
    const double start = cpu_micros();
    for (int i = 0; i < calls; ++i) call();
    round = (cpu_micros() - start) / calls;
  }
  std::ranges::nth_element(rounds, rounds.begin() + rounds.size() / 2);
  return rounds[rounds.size() / 2];
}

}  // namespace

int main() {
  std::int64_t sum = 0;
  double typical = 0;
  for (const std::size_t size : {100UL, 2'048UL, 16'384UL, 262'144UL, 16'777'216UL}) {
    const std::string text = prompt(size);
    const double took = each(size > 10'000 ? 50 : 2'000, [&] { sum += ai::assess(text).tokens; });
    if (size == 2'048) typical = took;
    fmt::print("{:<44} {:>10.2f} µs CPU{}\n", fmt::format("a question of {} bytes is classified", size), took,
               size == 2'048 ? fmt::format(", mark {}", kMark) : "");
  }
  const ai::Catalogue catalogue = ai::Catalogue::standard();
  const ai::Routing routing(ai::Catalogue::standard_document(), catalogue);
  ai::OfferStates states;
  for (const auto& card : catalogue.models())
    for (const auto& offer : card.offers) states[offer.name()] = {.first_token = std::chrono::milliseconds(400)};
  const ai::Question question{
      .complexity = ai::Complexity::medium, .input_tokens = 600, .output_tokens = 1'000, .tier = "ultra"};
  const double routed = each(500, [&] { sum += std::ssize(routing.route(question, states).rest); });
  fmt::print("{:<44} {:>10.2f} µs CPU, over {} offers\n", "a route is chosen", routed, states.size());
  return typical <= kMark && sum > 0 ? 0 : 1;
}
