// Which voices there are, which a plan has, and which one it speaks with by default.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "engine/ai/gateway.hpp"
#include "engine/billing/plans.hpp"

namespace odeon::briefings {

// "basic" (the offline voices and the first of a Kokoro server), "premium" (the others of that server and of
// OpenAI) or "cartesia".
std::string_view voice_class(const ai::VoiceInfo& voice, const std::vector<ai::VoiceInfo>& all);

// What a request for a voice outside of its plan is told.
Error voice_not_allowed(const billing::ProductPlans& plans);

class VoiceChoice {
 public:
  // `standard` is the operator's default for everybody; may be empty.
  VoiceChoice(const ai::Gateway& gateway, std::string standard) : gateway_(gateway), standard_(std::move(standard)) {}

  // In the plan's classes; the empty name is the plan's default and always allowed.
  bool allows(const billing::Plan& plan, std::string_view voice) const;
  // The first voice of the best class below "cartesia", which is an option and no default.
  std::string standard(const billing::Plan& plan) const;
  // Each name once, of the model that is asked first.
  std::vector<ai::VoiceInfo> all() const;

 private:
  const ai::Gateway& gateway_;
  std::string standard_;
};

}  // namespace odeon::briefings
