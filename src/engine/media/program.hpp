// A spoken programme: sentences with natural pauses, slots for announcements, levelled, encoded once.
//
// Loudness follows EBU R 128 / ITU-R BS.1770-5 and Apple's delivery target: −16 LUFS ± 1, and the true
// peak is held on what the listener decodes, not only on what was encoded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/pcm.hpp"

namespace odeon::media {

struct Chapter {
  std::string title;
  double start = 0;  // seconds
  double end = 0;
};

struct Tags {
  std::string title;
  std::string artist;
  std::string album;
  std::string comment;
  std::string language;  // BCP 47
  std::string date;      // ISO 8601
  int number = 0;        // of the episode; 0: none
  std::string artwork;   // the bytes of a JPEG or PNG
  std::string artwork_type = "image/jpeg";
};

// One piece of the programme, in order.
struct Segment {
  Pcm audio;               // any rate; mono or stereo
  double pause_after = 0;  // seconds of near-silence that follow
  std::string chapter;     // starts a chapter of this title; empty: goes on in the current one
  std::string mark;        // a name under which Produced reports where this segment lies
};

struct ProduceOptions {
  Tags tags;
  int rate = 44100;  // Hz
  int channels = 1;
  int bitrate = 64'000;         // bit/s, constant
  double loudness = -16.0;      // LUFS, integrated
  double max_true_peak = -1.5;  // dBTP on the decoded file
};

struct Mark {
  std::string name;
  double start = 0;     // seconds in the finished file
  double duration = 0;  // seconds, without the pause after
};

struct Produced {
  std::string mp3;            // the whole file: ID3v2, Xing/LAME header, frames
  double duration = 0;        // seconds, exact: what a gapless decoder plays
  double loudness = 0;        // LUFS, measured on the decoded MP3
  double true_peak = 0;       // dBTP, likewise
  double loudness_range = 0;  // LU
  std::vector<Mark> marks;
  std::vector<Chapter> chapters;
};

// Loads what `produce` needs, so that the first programme need not wait for it. Blocking, once a process.
// Throws Error{unavailable} when FFmpeg's libraries are missing.
void prepare();

// Blocking and heavy: call through run_blocking. Throws Error{invalid} for a programme without sound.
Produced produce(std::vector<Segment> segments, const ProduceOptions& options);

// Seconds of pause that follow a sentence when read aloud, by how it ends and what comes next.
enum class Boundary { sentence, paragraph, section };
double natural_pause(Boundary boundary);

// Decodes what FFmpeg recognises as audio, by content (ad slots, jingles). Blocking. Throws
// Error{invalid} with a sentence that says what is wrong with the file.
Pcm decode_audio(const std::string& bytes);
// A short friendly chime of `seconds` (fades to silence), for slots without a recording.
Pcm chime(double seconds, int rate);

// Loudness of PCM as EBU R 128 measures it: integrated (LUFS), range (LU), true peak (dBTP).
struct Loudness {
  double integrated = 0;
  double range = 0;
  double true_peak = 0;
};
Loudness measure(const Pcm& audio);

}  // namespace odeon::media
