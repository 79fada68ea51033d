#include "engine/media/sample_spool.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/media/true_peak.hpp"

namespace odeon::media {
namespace {

constexpr int spool_block = 256;                // frames of one scale
constexpr std::size_t worth_writing = 1 << 18;  // bytes
constexpr float largest = 32767;

}  // namespace

SampleSpool::SampleSpool(int rate, int channels, const std::string& folder)
    : rate_(rate), channels_(channels), file_(std::make_unique<ScratchFile>(folder)) {}

SampleSpool::SampleSpool(std::unique_ptr<ScratchFile> file, const Spooled& of)
    : rate_(of.rate), channels_(of.channels), file_(std::move(file)), frames_(of.frames), peak_(of.peak) {}

std::size_t SampleSpool::record() const {
  return sizeof(float) + static_cast<std::size_t>(spool_block) * channels_ * sizeof(std::int16_t);
}

void SampleSpool::add(std::span<const float> interleaved) {
  frames_ += static_cast<std::int64_t>(interleaved.size()) / channels_;
  pending_.insert(pending_.end(), interleaved.begin(), interleaved.end());
  pack();
}

void SampleSpool::finish() {
  const std::size_t width = static_cast<std::size_t>(spool_block) * channels_;
  pending_.resize((pending_.size() + width - 1) / width * width);
  pack();
  file_->write(written_, packed_);
  packed_.clear();
}

void SampleSpool::pack() {
  const std::size_t width = static_cast<std::size_t>(spool_block) * channels_;
  std::size_t at = 0;
  for (; at + width <= pending_.size(); at += width) {
    const float* const samples = pending_.data() + at;
    const float peak = sample_peak({samples, width});
    peak_ = std::max(peak_, peak);
    const float scale = peak / largest, inverse = peak > 0 ? largest / peak : 0;
    std::array<std::int16_t, 2 * spool_block> values;
    for (std::size_t i = 0; i < width; ++i) {
      const float scaled = samples[i] * inverse;
      values[i] = static_cast<std::int16_t>(scaled + std::copysign(0.5f, scaled));
    }
    const std::size_t end = packed_.size();
    packed_.resize(end + record());
    std::memcpy(packed_.data() + end, &scale, sizeof scale);
    std::memcpy(packed_.data() + end + sizeof scale, values.data(), width * sizeof(std::int16_t));
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
  if (packed_.size() < worth_writing) return;
  file_->write(written_, packed_);
  written_ += static_cast<std::int64_t>(packed_.size());
  packed_.clear();
}

void SampleSpool::read(std::int64_t from, std::span<float> into) const {
  std::ranges::fill(into, 0.0f);
  const std::int64_t wanted = static_cast<std::int64_t>(into.size()) / channels_;
  const std::int64_t begin = std::max<std::int64_t>(from, 0), end = std::min(from + wanted, frames_);
  if (begin >= end) return;
  const std::int64_t first = begin / spool_block, last = (end - 1) / spool_block;
  std::vector<char> packed(static_cast<std::size_t>(last - first + 1) * record());
  file_->read(first * static_cast<std::int64_t>(record()), packed);
  for (std::int64_t index = first; index <= last; ++index) {
    const char* const at = packed.data() + static_cast<std::size_t>(index - first) * record();
    float scale = 0;
    std::memcpy(&scale, at, sizeof scale);
    const std::int64_t in_block = std::max(begin - index * spool_block, std::int64_t{0});
    const std::int64_t to = std::min(end - index * spool_block, std::int64_t{spool_block});
    std::array<std::int16_t, 2 * spool_block> values;
    std::memcpy(values.data(), at + sizeof scale,
                static_cast<std::size_t>(spool_block) * channels_ * sizeof(std::int16_t));
    float* const out = into.data() + (index * spool_block + in_block - from) * channels_;
    const std::int16_t* const in = values.data() + in_block * channels_;
    for (std::int64_t i = 0; i < (to - in_block) * channels_; ++i) out[i] = scale * static_cast<float>(in[i]);
  }
}

}  // namespace odeon::media
