// How the kernel shares the cores among this process's threads. None of it needs a privilege; where the kernel refuses,
// all is as it was.
#pragma once

namespace odeon {

// Whoever wakes on the core of the calling thread goes before it; its share of the core stays what it was. For threads
// that compute for long at a time. (A slice of 100 ms, the longest there is: sched_setattr(2) on Linux 6.12 or newer,
// whose scheduler lets who asks for a shorter one in at once.)
void give_way();

// That, and the calling thread gets only what all others leave (nice(2)), as do threads that it makes. For work that
// takes long and that nobody waits for with a finger on the screen.
void yield_to_others();

}  // namespace odeon
