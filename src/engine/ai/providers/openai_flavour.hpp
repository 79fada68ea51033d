// How the many servers that speak OpenAI's chat completions differ in what they take. What they send needs no flavour:
// all of it is understood from any of them.
#pragma once

#include <string>
#include <string_view>

namespace odeon::ai {

struct OpenAiFlavour {
  // Under which name models that think first are told for how long.
  enum class EffortField {
    none,
    reasoning_effort,
    reasoning,  // an object around it
    thinking,   // reasoning_effort, and a switch beside it
  };
  // What of earlier thoughts is said again, to models that think.
  enum class Thoughts {
    dropped,
    reasoning_content,  // their text: a model that called tools while it thought wants it back
    reasoning_details,  // as they came, signatures included
    content_parts,      // ahead of what was said, signatures included
  };
  enum class CallIds {
    any,
    short_ones,    // at most 40 characters
    nine_letters,  // letters and digits, exactly 9
  };

  bool max_completion_tokens = false;  // but for models of the classic kind (ModelTraits); else max_tokens
  bool stream_options = true;          // asked for, usage comes at the end of a stream
  bool schemas = true;                 // response_format json_schema; without it the schema is put in words
  EffortField effort = EffortField::none;
  Thoughts thoughts = Thoughts::dropped;
  CallIds call_ids = CallIds::any;
};

namespace openai_flavours {

inline constexpr OpenAiFlavour kOpenAi{.max_completion_tokens = true,
                                       .effort = OpenAiFlavour::EffortField::reasoning_effort,
                                       .call_ids = OpenAiFlavour::CallIds::short_ones};
// api-docs.deepseek.com, "Thinking mode": what was thought before a call of a tool must be said again (else 400); other
// thoughts may be, and are ignored.
inline constexpr OpenAiFlavour kDeepSeek{.schemas = false,
                                         .effort = OpenAiFlavour::EffortField::thinking,
                                         .thoughts = OpenAiFlavour::Thoughts::reasoning_content};
inline constexpr OpenAiFlavour kXai{.effort = OpenAiFlavour::EffortField::reasoning_effort};
// Refuses fields that it does not know (422), and ids of calls that are not as its own.
inline constexpr OpenAiFlavour kMistral{.stream_options = false,
                                        .effort = OpenAiFlavour::EffortField::reasoning_effort,
                                        .thoughts = OpenAiFlavour::Thoughts::content_parts,
                                        .call_ids = OpenAiFlavour::CallIds::nine_letters};
inline constexpr OpenAiFlavour kOpenRouter{.effort = OpenAiFlavour::EffortField::reasoning,
                                           .thoughts = OpenAiFlavour::Thoughts::reasoning_details,
                                           .call_ids = OpenAiFlavour::CallIds::short_ones};
// Servers nobody here knows, on the machine or elsewhere: only what every one of them takes.
inline constexpr OpenAiFlavour kCompatible{};

}  // namespace openai_flavours

// A base address for paths such as /chat/completions: people write it with or without the version. One that has a
// version somewhere (/v1, /v1beta/openai, /paas/v4) is kept; others get /v1.
std::string openai_base(std::string_view address);

// An id of a call of a tool as the flavour takes it: the same for the call and for its result.
std::string call_id_for(OpenAiFlavour::CallIds rule, std::string_view id);

}  // namespace odeon::ai
