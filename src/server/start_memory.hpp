// What starting leaves in memory.
#pragma once

namespace odeon::server {

// Of the program's code, and that of its libraries, starting goes through far more than serving does, and the kernel
// maps what lies around it as well. Lets go of all of it: what is needed comes back from the file cache as it is
// touched. Likewise of what malloc holds and nobody uses. Linux; thread-safe, and nobody notices but by the time of some
// hundred page faults.
void let_go_of_start();

}  // namespace odeon::server
