// Faces that look at whoever sees the picture, for cutting pictures without losing heads.
//
// Found by a cascade of Haar-like features (P. Viola and M. Jones, "Rapid Object Detection using a Boosted Cascade of
// Simple Features", 2001) that OpenCV has trained and Debian packages as opencv-data; it is run by our own code, since
// OpenCV's takes sixty megabytes of libraries. It sees upright faces from the front, of photographs above all: not
// profiles, not heads that lie, seldom masks, and drawn faces only where they are shaded as real ones are. It says
// where a face is likely, never whose it is, and keeps nothing.
#pragma once

#include <vector>

#include "engine/media/pictures/crop.hpp"

namespace odeon::pictures {

struct Face {
  Crop box;         // from the brows to the chin, square
  int windows = 0;  // how many places and sizes agree; from three on it is told, ten are quite certain
};

// The largest first; none that is less than `smallest` of the longer side wide, which is what it costs by: 14 to 33 ms
// as it is, half of it for a twelfth, whatever the size of the picture. The first of a process reads the cascade (10
// ms, 0.3 MB). None, too, where opencv-data is not installed. Blocking; thread-safe.
std::vector<Face> find_faces(const Picture& picture, double smallest = 1.0 / 16);

}  // namespace odeon::pictures
