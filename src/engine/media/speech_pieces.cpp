#include "engine/media/speech_pieces.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <cmath>

#include "engine/media/pauses.hpp"
#include "engine/media/wav.hpp"

namespace odeon::media {
namespace {

constexpr int speech_rate = 16'000;
constexpr int quiet = -5000;         // hundredths of dBFS, below which nobody speaks for a minute
constexpr double edge = 0.3;         // seconds of a pause that stay on both sides of what is said
constexpr double least_piece = 0.1;  // seconds: less is no word
constexpr double seen_ahead = 5;     // seconds beyond a piece, so that pauses are told by both of their sides

std::int64_t speech_frames(double seconds) {
  return std::llround(seconds * speech_rate);
}

}  // namespace

SpeechPieces::SpeechPieces(BlockingSource& source, SpeechPieceOptions options, const std::string& scratch_folder)
    : options_(options),
      reader_(source, {.max_seconds = options.max_seconds, .rates = AudioBounds::Rates::recognition}, scratch_folder) {}

void SpeechPieces::fill(const std::stop_token& stop) {
  const auto wanted = static_cast<std::size_t>(speech_frames(options_.longest + seen_ahead));
  while (!ended_ && waiting_.size() < wanted) {
    if (stop.stop_requested()) throw boost::system::system_error(boost::asio::error::operation_aborted);
    ended_ = !reader_.read(piece_);
    waiting_.insert(waiting_.end(), piece_.begin(), piece_.end());
  }
}

std::vector<FrameRange> SpeechPieces::pauses() const {
  ActivityMeter meter(speech_rate, 1);
  meter.add(waiting_);
  const Activity activity = meter.finish();
  // Pauses are told by the speech around them; where there is none, by how quiet it is.
  if (std::ranges::all_of(activity.body, [](int level) { return level < quiet; }))
    return {{0, static_cast<std::int64_t>(waiting_.size())}};
  return find_pauses(activity);
}

void SpeechPieces::drop(std::int64_t frames) {
  waiting_.erase(waiting_.begin(), waiting_.begin() + frames);
  from_ += frames;
}

// The first `frames` as a piece; what comes from `kept_from` on stays for the next.
std::optional<SpeechPiece> SpeechPieces::take(std::int64_t frames, std::int64_t kept_from) {
  std::optional<SpeechPiece> piece;
  if (frames >= speech_frames(least_piece))
    piece = {static_cast<double>(from_) / speech_rate, static_cast<double>(from_ + frames) / speech_rate,
             wav_of({speech_rate, 1, {waiting_.begin(), waiting_.begin() + frames}})};
  drop(kept_from);
  return piece;
}

std::optional<SpeechPiece> SpeechPieces::next(const std::stop_token& stop) {
  const std::int64_t margin = speech_frames(edge), shortest = speech_frames(options_.shortest),
                     longest = speech_frames(options_.longest), gap = speech_frames(options_.longest_pause);
  for (;;) {
    fill(stop);
    const auto all = static_cast<std::int64_t>(waiting_.size());
    if (all == 0) return std::nullopt;
    const auto found = pauses();
    const bool begins_quiet = !found.empty() && found.front().from == 0;
    if (begins_quiet && found.front().to == all && ended_) {
      drop(all);
      return std::nullopt;
    }
    if (begins_quiet && found.front().length() > 2 * margin) {
      drop(found.front().to - margin);
      continue;
    }
    std::optional<SpeechPiece> piece;
    const auto gone = std::ranges::find_if(
        found, [&](const FrameRange& pause) { return pause.length() > gap && pause.from + margin <= longest; });
    if (gone != found.end()) {
      piece = take(gone->from + margin, gone->to - margin);
    } else if (ended_ && all <= longest) {
      const bool quiet_end = !found.empty() && found.back().to == all;
      piece = take(quiet_end ? std::min(found.back().from + margin, all) : all, all);
    } else {
      std::optional<std::int64_t> cut;
      std::int64_t silence = 0;
      for (const auto& pause : found) {
        const std::int64_t place = std::min((pause.from + pause.to) / 2, longest);
        if (place < shortest || place < pause.from || pause.length() < silence) continue;
        cut = place;
        silence = pause.length();
      }
      piece = take(cut.value_or(longest), cut.value_or(longest - speech_frames(options_.overlap)));
    }
    if (piece) return piece;
  }
}

}  // namespace odeon::media
