#include "engine/media/mp3_joint.hpp"

#include <numeric>

namespace odeon::media {
namespace {

// Where in the stream each frame begins.
std::vector<std::size_t> offsets(const Mp3Frames& frames) {
  std::vector<std::size_t> result(frames.sizes.size() + 1);
  std::inclusive_scan(frames.sizes.begin(), frames.sizes.end(), result.begin() + 1);
  return result;
}

// What the header and the side information of a frame say.
class FrameView {
 public:
  FrameView(const Mp3Frames& frames, std::size_t offset)
      : bytes_(reinterpret_cast<const unsigned char*>(frames.bytes.data()) + offset), channels_(frames.channels) {
    mpeg1_ = bytes_[1] & 0x08;
    has_crc_ = !(bytes_[1] & 0x01);
  }

  std::size_t data_begin() const { return 4 + (has_crc_ ? 2 : 0) + side_bytes(); }
  // How many bytes before the frame its data begins.
  std::size_t borrowed() const { return bits(0, mpeg1_ ? 9 : 8); }
  // Whether all channels have long blocks in the granule.
  bool long_blocks(int granule) const {
    for (int channel = 0; channel < channels_; ++channel)
      if (bits(granule_start(granule, channel) + (mpeg1_ ? 33 : 38), 1)) return false;
    return true;
  }
  int granules() const { return mpeg1_ ? 2 : 1; }

 private:
  std::size_t side_bytes() const { return mpeg1_ ? (channels_ == 1 ? 17 : 32) : (channels_ == 1 ? 9 : 17); }
  int granule_start(int granule, int channel) const {
    const int before = mpeg1_ ? (channels_ == 1 ? 9 + 5 + 4 : 9 + 3 + 8) : (channels_ == 1 ? 8 + 1 : 8 + 2);
    return before + (granule * channels_ + channel) * (mpeg1_ ? 59 : 63);
  }
  unsigned bits(int from, int count) const {
    const unsigned char* side = bytes_ + 4 + (has_crc_ ? 2 : 0);
    unsigned value = 0;
    for (int i = from; i < from + count; ++i) value = value << 1 | (side[i / 8] >> (7 - i % 8) & 1);
    return value;
  }

  const unsigned char* bytes_;
  int channels_;
  bool mpeg1_, has_crc_;
};

// The places of the last `count` bytes of data before frame `index`, last first.
std::vector<std::size_t> places_before(const Mp3Frames& frames, const std::vector<std::size_t>& begins,
                                       std::size_t index, std::size_t count) {
  std::vector<std::size_t> result;
  while (result.size() < count && index-- > 0) {
    const std::size_t data = begins[index] + FrameView(frames, begins[index]).data_begin();
    for (std::size_t at = begins[index + 1]; at > data && result.size() < count;) result.push_back(--at);
  }
  return result;
}

}  // namespace

std::optional<Mp3Joint> find_joint(const Mp3Frames& first, const Mp3Frames& second, Mp3Joint at, std::size_t count) {
  const auto first_begins = offsets(first), second_begins = offsets(second);
  for (std::size_t i = 0; i < count; ++i, ++at.first, ++at.second) {
    if (at.first == 0 || at.second == 0 || at.first >= first.sizes.size() || at.second >= second.sizes.size()) continue;
    const FrameView last(first, first_begins[at.first - 1]), next(second, second_begins[at.second]);
    const std::size_t room = FrameView(first, first_begins[at.first]).borrowed();
    if (next.borrowed() <= room && last.long_blocks(last.granules() - 1) && next.long_blocks(0)) return at;
  }
  return std::nullopt;
}

void cut_at_joint(Mp3Frames& first, const Mp3Frames& second, Mp3Joint joint) {
  const auto first_begins = offsets(first), second_begins = offsets(second);
  const std::size_t count = FrameView(second, second_begins[joint.second]).borrowed();
  const auto from = places_before(second, second_begins, joint.second, count);
  const auto to = places_before(first, first_begins, joint.first, count);
  for (std::size_t i = 0; i < std::min(from.size(), to.size()); ++i) first.bytes[to[i]] = second.bytes[from[i]];
  first.bytes.resize(first_begins[joint.first]);
  first.sizes.resize(joint.first);
}

}  // namespace odeon::media
