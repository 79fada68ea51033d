// Speech by Cartesia: POST {base}/tts/bytes (API version 2026-08-14), 44.1 kHz.
#pragma once

#include "engine/ai/providers/library_speech.hpp"

namespace odeon::ai {

VoiceLibrary cartesia();

}  // namespace odeon::ai
