// What the first half of process_recording has come to, in a file: for the second half in another process, after a
// crash, or once a recording that was heard while it arrived is whole.
//
// The file is one of this machine and of its present run. It is never synced: after a kill its pages are there, and
// after a failure of power, when they may not be, it is none.
#pragma once

#include "engine/media/recording_intake.hpp"

namespace odeon::media {

// In the place of what options.heard_file was before. False where the file system cannot keep it.
bool keep_intake(Intake& intake, const RecordingOptions& options);
// Nothing where there is none, or one of another run of the machine, or one that other options gave.
std::optional<Intake> kept_intake(const std::string& path, const RecordingOptions& options);

}  // namespace odeon::media
