#include "engine/ai/providers/espeak.hpp"

#include "base/stoppable.hpp"
#include "engine/ai/languages.hpp"
#include "engine/ai/providers/spoken.hpp"
#include "engine/ai/providers/subprocess.hpp"
#include "engine/ai/providers/wav.hpp"

namespace odeon::ai {
namespace {

struct VoiceOf {
  std::string_view language;  // BCP 47, lower-case; a region only where the voice differs
  std::string_view voice;     // espeak-ng's name
};
constexpr VoiceOf kVoices[] = {
    {"en", "en-us"},     {"en-gb", "en-gb"},   {"de", "de"}, {"fr", "fr-fr"}, {"fr-ch", "fr-ch"}, {"es", "es"},
    {"es-mx", "es-419"}, {"es-419", "es-419"}, {"it", "it"}, {"pt", "pt"},    {"pt-br", "pt-br"}, {"nl", "nl"},
    {"pl", "pl"},        {"cs", "cs"},         {"sk", "sk"}, {"sl", "sl"},    {"hr", "hr"},       {"sr", "sr"},
    {"hu", "hu"},        {"ro", "ro"},         {"bg", "bg"}, {"el", "el"},    {"ru", "ru"},       {"uk", "uk"},
    {"tr", "tr"},        {"sv", "sv"},         {"da", "da"}, {"nb", "nb"},    {"no", "nb"},       {"fi", "fi"},
    {"et", "et"},        {"lv", "lv"},         {"lt", "lt"}, {"is", "is"},    {"ca", "ca"},       {"ar", "ar"},
    {"he", "he"},        {"fa", "fa"},         {"hi", "hi"}, {"bn", "bn"},    {"ta", "ta"},       {"te", "te"},
    {"ur", "ur"},        {"id", "id"},         {"ms", "ms"}, {"vi", "vi"},    {"sw", "sw"},       {"zh", "cmn"},
    {"cmn", "cmn"},      {"yue", "yue"},       {"ja", "ja"}, {"ko", "ko"},
};
constexpr double kWordsPerMinute = 175;

const VoiceOf* voice_for(std::string_view language) {
  const std::string wanted = text::replace_all(text::to_lower(language), "_", "-");
  auto found = std::ranges::find(kVoices, wanted, &VoiceOf::language);
  if (found == std::end(kVoices)) found = std::ranges::find(kVoices, primary_language(language), &VoiceOf::language);
  return found == std::end(kVoices) ? nullptr : found;
}

// The voice that the request means, if it is one of its language.
std::optional<std::string_view> choose(const SpeechRequest& request) {
  if (request.voice.empty()) {
    const VoiceOf* voice = voice_for(request.language);
    return voice != nullptr ? std::optional(voice->voice) : std::nullopt;
  }
  for (const auto& [language, voice] : kVoices)
    if (voice == request.voice && primary_language(language) == primary_language(request.language)) return voice;
  return std::nullopt;
}

}  // namespace

std::string EspeakSpeech::name() const {
  return "odeon-offline/espeak-ng";
}

bool EspeakSpeech::speaks(const SpeechRequest& request) const {
  return choose(request).has_value();
}

std::vector<VoiceInfo> EspeakSpeech::voices() const {
  std::vector<VoiceInfo> all;
  for (const auto& [language, voice] : kVoices)
    if (std::ranges::none_of(all, [&](const VoiceInfo& known) { return known.name == voice; }))
      all.push_back({std::string(voice), std::string(language), name()});
  return all;
}

Task<Speech> EspeakSpeech::speak(SpeechRequest request) {
  const auto chosen = choose(request);
  if (!chosen) throw Error(Fault::invalid, "UNKNOWN_VOICE", "The offline voice does not have this voice or language.");
  const std::string voice(*chosen);
  // It would read [[…]] as phonemes.
  const std::string words = text::replace_all(spoken(request.text, request.language), "[[", "[ [");
  auto work = [words, voice, options = options_, speed = request.speed](std::stop_token stop) {
    const auto rate = std::to_string(std::lround(kWordsPerMinute * speed));
    const std::string wav =
        run_subprocess({.command = {options.program, "-v", voice, "-s", rate, "-b", "1", "--stdin", "--stdout"},
                        .input = words,
                        .limit = options.limit},
                       stop);
    return parse_wav(wav);
  };
  auto audio = co_await run_stoppable(pool_, std::move(work));
  if (!audio || audio->samples.empty())
    throw Error(Fault::upstream, "NO_SOUND", "The offline voice could not read this text.");
  co_return Speech{std::move(*audio), name(), voice};
}

}  // namespace odeon::ai
