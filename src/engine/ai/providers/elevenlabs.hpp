// Speech by ElevenLabs: POST {base}/v1/text-to-speech/{voice}?output_format=pcm_24000.
#pragma once

#include "engine/ai/providers/library_speech.hpp"

namespace odeon::ai {

VoiceLibrary elevenlabs();

}  // namespace odeon::ai
