#include "products/briefings/audio/voices.hpp"

#include <algorithm>

namespace odeon::briefings {
namespace {

bool has_class(const billing::Plan& plan, std::string_view name) {
  return std::ranges::find(plan.voices, name) != plan.voices.end();
}

}  // namespace

std::string_view voice_class(const ai::VoiceInfo& voice, const std::vector<ai::VoiceInfo>& all) {
  if (voice.model.starts_with(ai::kOfflineModel)) return "basic";
  if (voice.model.starts_with("cartesia/")) return "cartesia";
  const bool kokoro = voice.model.starts_with("kokoro/");
  const auto first = std::ranges::find(all, voice.model, &ai::VoiceInfo::model);
  return kokoro && first != all.end() && first->name == voice.name ? "basic" : "premium";
}

Error voice_not_allowed(const billing::ProductPlans& plans) {
  Error error(Fault::invalid, "VOICE_NOT_AVAILABLE", "Your plan does not have this voice. See /api/voices.");
  error.with_fields({{"voice", "not_allowed", "is not a voice of your plan"}});
  error.upgrade_url = plans.upgrade_url;
  return error;
}

std::vector<ai::VoiceInfo> VoiceChoice::all() const {
  std::vector<ai::VoiceInfo> all;
  for (auto& voice : gateway_.voices())
    if (std::ranges::find(all, voice.name, &ai::VoiceInfo::name) == all.end()) all.push_back(std::move(voice));
  return all;
}

bool VoiceChoice::allows(const billing::Plan& plan, std::string_view voice) const {
  if (voice.empty()) return true;
  const auto voices = all();
  const auto found = std::ranges::find(voices, voice, &ai::VoiceInfo::name);
  return found != voices.end() && has_class(plan, voice_class(*found, voices));
}

std::string VoiceChoice::standard(const billing::Plan& plan) const {
  const auto voices = all();
  if (has_class(plan, "premium"))
    for (const auto& voice : voices)
      if (voice_class(voice, voices) == "premium" && (voice.language.empty() || voice.language.starts_with("en")))
        return voice.name;
  return standard_;
}

}  // namespace odeon::briefings
