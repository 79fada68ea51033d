// Answers in the shapes that Gemini sends them in: what was seen of AI Studio and Vertex AI, with other words.
#pragma once

#include <string>
#include <vector>

namespace odeon::ai::gemini_answers {

// Frames of a stream, and the same reply at once.
struct Recorded {
  std::string name;
  std::vector<std::string> frames;
  std::string whole;
};

// As server-sent events; Google uses both line ends.
inline std::string stream_of(const std::vector<std::string>& frames, const std::string& line_end = "\r\n") {
  std::string bytes;
  for (const auto& frame : frames) bytes += "data: " + frame + line_end + line_end;
  return bytes;
}

inline std::vector<Recorded> all() {
  return {
      // Gemini 3: the signature comes on an empty text at the end, or on the whole text.
      {"signed-text",
       {R"({"candidates":[{"content":{"parts":[{"text":"Three: st"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3,"totalTokenCount":314,"promptTokensDetails":[{"modality":"TEXT","tokenCount":9}],"thoughtsTokenCount":302,"serviceTier":"standard"},"modelVersion":"gemini-3-pro","responseId":"M3iLaY-AI7z"})",
        R"({"candidates":[{"content":{"parts":[{"text":"**r**awbe**rr**y. ✓"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":13,"totalTokenCount":324,"promptTokensDetails":[{"modality":"TEXT","tokenCount":9}],"thoughtsTokenCount":302},"modelVersion":"gemini-3-pro","responseId":"M3iLaY-AI7z"})",
        R"({"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"EpAICo0IAb4+9vuku3oDHR=="}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":13,"totalTokenCount":324,"promptTokensDetails":[{"modality":"TEXT","tokenCount":9}],"thoughtsTokenCount":302},"modelVersion":"gemini-3-pro","responseId":"M3iLaY-AI7z"})"},
       R"({"candidates":[{"content":{"parts":[{"text":"Three: st**r**awbe**rr**y. ✓","thoughtSignature":"EpAICo0IAb4+9vuku3oDHR=="}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":13,"totalTokenCount":324,"promptTokensDetails":[{"modality":"TEXT","tokenCount":9}],"thoughtsTokenCount":302},"modelVersion":"gemini-3-pro","responseId":"M3iLaY-AI7z"})"},
      // Calls side by side: the first is signed. The reason to stop comes with an empty text.
      {"calls",
       {R"({"candidates":[{"content":{"parts":[{"text":"**Comparing**\n\nTwo cities,","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":60,"totalTokenCount":90,"thoughtsTokenCount":30},"modelVersion":"gemini-3-flash","responseId":"vQRpaqzAPN2M9MoP"})", R"({"candidates":[{"content":{"parts":[{"text":" so two calls.","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":60,"totalTokenCount":98,"thoughtsTokenCount":38},"modelVersion":"gemini-3-flash","responseId":"vQRpaqzAPN2M9MoP"})", R"({"candidates":[{"content":{"parts":[{"functionCall":{"id":"lpndqlku","name":"weather","args":{"city":"Paris","days":3}},"thoughtSignature":"AY89a19YsnFp7FOSIejJDV9XuMU="},{"functionCall":{"name":"weather","args":{"city":"Zürich"}}}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":60,"candidatesTokenCount":21,"totalTokenCount":119,"thoughtsTokenCount":38},"modelVersion":"gemini-3-flash","responseId":"vQRpaqzAPN2M9MoP"})",
        R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"theme"}}],"role":"model"},"index":0}],"modelVersion":"gemini-3-flash","responseId":"vQRpaqzAPN2M9MoP"})",
        R"({"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":60,"candidatesTokenCount":24,"totalTokenCount":122,"thoughtsTokenCount":38,"promptTokensDetails":[{"modality":"TEXT","tokenCount":60}]},"modelVersion":"gemini-3-flash","responseId":"vQRpaqzAPN2M9MoP"})"},
       R"({"candidates":[{"content":{"parts":[{"text":"**Comparing**\n\nTwo cities, so two calls.","thought":true},{"functionCall":{"id":"lpndqlku","name":"weather","args":{"city":"Paris","days":3}},"thoughtSignature":"AY89a19YsnFp7FOSIejJDV9XuMU="},{"functionCall":{"name":"weather","args":{"city":"Zürich"}}},{"functionCall":{"name":"theme"}}],"role":"model"},"finishReason":"STOP","index":0,"safetyRatings":[]}],"usageMetadata":{"promptTokenCount":60,"candidatesTokenCount":24,"totalTokenCount":122,"thoughtsTokenCount":38,"promptTokensDetails":[{"modality":"TEXT","tokenCount":60}]},"modelVersion":"gemini-3-flash","responseId":"vQRpaqzAPN2M9MoP"})"},
      // Vertex AI counts at the end only.
      {"vertex",
       {R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Good"}]}}],"usageMetadata":{"trafficType":"ON_DEMAND"},"modelVersion":"gemini-2.5-flash","createTime":"2026-05-04T20:01:02.264968Z","responseId":"_vr4aYiWEJnYodAP"})",
        R"({"candidates":[{"content":{"role":"model","parts":[{"text":" morning."}]},"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":300,"candidatesTokenCount":2,"totalTokenCount":302,"cachedContentTokenCount":256,"trafficType":"ON_DEMAND","promptTokensDetails":[{"modality":"TEXT","tokenCount":100},{"modality":"AUDIO","tokenCount":200}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":156},{"modality":"TEXT","tokenCount":100}],"candidatesTokensDetails":[{"modality":"TEXT","tokenCount":2}]},"modelVersion":"gemini-2.5-flash","createTime":"2026-05-04T20:01:02.264968Z","responseId":"_vr4aYiWEJnYodAP"})"},
       R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Good morning."}]},"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":300,"candidatesTokenCount":2,"totalTokenCount":302,"cachedContentTokenCount":256,"trafficType":"ON_DEMAND","promptTokensDetails":[{"modality":"TEXT","tokenCount":100},{"modality":"AUDIO","tokenCount":200}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":156},{"modality":"TEXT","tokenCount":100}],"candidatesTokensDetails":[{"modality":"TEXT","tokenCount":2}]},"modelVersion":"gemini-2.5-flash","createTime":"2026-05-04T20:01:02.264968Z","responseId":"_vr4aYiWEJnYodAP"})"},
      // A prompt that is not let in.
      {"blocked",
       {R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9,"promptTokensDetails":[{"modality":"TEXT","tokenCount":9}],"serviceTier":"standard"},"modelVersion":"gemini-3.7-flash","responseId":"EXCPatOAKMrQ"})"},
       R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9,"promptTokensDetails":[{"modality":"TEXT","tokenCount":9}],"serviceTier":"standard"},"modelVersion":"gemini-3.7-flash","responseId":"EXCPatOAKMrQ"})"},
      // An answer that is withheld while it is written.
      {"withheld",
       {R"({"candidates":[{"content":{"parts":[{"text":"It was the best of"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":5,"totalTokenCount":14},"modelVersion":"gemini-2.5-flash","responseId":"r1"})",
        R"({"candidates":[{"finishReason":"RECITATION","index":0,"citationMetadata":{"citationSources":[{"startIndex":0,"endIndex":18}]}}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":5,"totalTokenCount":14,"toolUsePromptTokenCount":63},"modelVersion":"gemini-2.5-flash","responseId":"r1"})"},
       R"({"candidates":[{"content":{"parts":[{"text":"It was the best of"}],"role":"model"},"finishReason":"RECITATION","index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":5,"totalTokenCount":14,"toolUsePromptTokenCount":63},"modelVersion":"gemini-2.5-flash","responseId":"r1"})"},
  };
}

inline const Recorded& of(const std::string& name) {
  static const auto recorded = all();
  for (const auto& each : recorded)
    if (each.name == name) return each;
  throw std::logic_error(name);
}

}  // namespace odeon::ai::gemini_answers
