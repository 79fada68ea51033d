#include "engine/ai/providers/flite.hpp"

extern "C" {
#include <flite/cst_cg.h>
}
#include <flite/flite.h>

#include <cctype>
#include <cmath>

#include "base/shared_library.hpp"
#include "base/stoppable.hpp"
#include "engine/ai/languages.hpp"
#include "engine/ai/providers/spoken.hpp"
#include "engine/ai/providers/vocoder.hpp"
#include "engine/ai/providers/wav.hpp"

namespace odeon::ai {
namespace {

// The voice libraries have no headers. Each keeps its one voice in a global.
struct VoiceMaker {
  std::string_view name;
  const char* library;
  const char* register_symbol;
  const char* kept_symbol;
};
constexpr VoiceMaker kVoices[] = {
    {"slt", "libflite_cmu_us_slt.so.1", "register_cmu_us_slt", "cmu_us_slt_cg"},
    {"rms", "libflite_cmu_us_rms.so.1", "register_cmu_us_rms", "cmu_us_rms_cg"},
    {"awb", "libflite_cmu_us_awb.so.1", "register_cmu_us_awb", "cmu_us_awb_cg"},
    {"kal16", "libflite_cmu_us_kal16.so.1", "register_cmu_us_kal16", "cmu_us_kal16_diphone"}};

const VoiceMaker* find_voice(std::string_view name) {
  const auto found = std::ranges::find(kVoices, name, &VoiceMaker::name);
  return found == std::end(kVoices) ? nullptr : found;
}

// Called by the library while it makes sound, every few hundred samples.
int go_on(const cst_wave*, int, int, int, cst_audio_streaming_info* info) {
  const auto* stop = static_cast<const std::stop_token*>(info->userdata);
  return stop != nullptr && stop->stop_requested() ? CST_AUDIO_STREAM_STOP : CST_AUDIO_STREAM_CONT;
}

// Ends the library's own filter after a frame: what goes into it is all that is wanted of a statistical voice.
int stop_filtering(const cst_wave*, int, int, int, cst_audio_streaming_info*) {
  return CST_AUDIO_STREAM_STOP;
}

VocoderVoice vocoder_of(const cst_cg_db& voice) {
  VocoderVoice out{.rate = voice.sample_rate,
                   .hop = static_cast<int>(std::lround(voice.frame_advance * static_cast<float>(voice.sample_rate))),
                   .warp = voice.mlsa_alpha,
                   .sharpen = voice.mlsa_beta,
                   .gain = voice.gain,
                   .bands = {}};
  for (int band = 0; band < voice.ME_num; ++band)
    out.bands.emplace_back(voice.me_h[band], voice.me_h[band] + voice.ME_order);
  return out;
}

Pcm silence() {
  return {.rate = 16'000, .channels = 1, .samples = std::vector<float>(3'200)};
}

// Those with a word in them.
std::vector<std::string> sentences(std::string_view text) {
  std::vector<std::string> all;
  std::size_t start = 0;
  for (std::size_t i = 1; i <= text.size(); ++i) {
    const bool ends = i == text.size() || (text[i] == ' ' && std::string_view(".!?").contains(text[i - 1]));
    if (!ends) continue;
    const std::string_view sentence = text.substr(start, i - start);
    if (std::ranges::any_of(sentence, [](unsigned char c) { return std::isalpha(c) != 0; })) all.emplace_back(sentence);
    start = i;
  }
  return all;
}

Error no_sound() {
  return Error(Fault::upstream, "NO_SOUND", "The offline voice could not read this text.");
}

// A voice object of our own; used by one thread at a time.
class Voice {
 public:
  explicit Voice(const VoiceMaker& maker) {
    // The library's set-up (lexicon, voice) writes to its globals, which all of the process shares.
    static std::mutex library;
    std::lock_guard lock(library);
    ::flite_init();
    const SharedLibrary loaded(maker.library);
    cst_voice* (*const make)(const char*) = loaded[maker.register_symbol];
    cst_voice** const keeps = loaded[maker.kept_symbol];
    // It hands out the voice it has kept; without one it makes another.
    cst_voice* const kept = std::exchange(*keeps, nullptr);
    voice_.reset(make(nullptr));
    *keeps = kept;
    stretch_ = ::flite_get_param_float(voice_->features, "duration_stretch", 1.0F);
    info_ = ::new_audio_streaming_info();
    info_->asc = go_on;
    if (const cst_val* statistics = ::feat_val(voice_->features, "cg_db")) {
      statistics_ = ::val_cg_db(statistics);
      vocoder_ = vocoder_of(*statistics_);
      info_->asc = stop_filtering;
      info_->min_buffsize = 0;
    }
    ::flite_feat_set(voice_->features, "streaming_info", ::audio_streaming_info_val(info_));
  }

  // Sentence by sentence, as the library would read a file: so a long text neither needs much memory nor
  // keeps a cancelled caller waiting.
  Pcm say(const std::string& text, double speed, const std::stop_token& stop) {
    ::flite_feat_set_float(voice_->features, "duration_stretch", stretch_ / static_cast<float>(speed));
    Pcm all = silence();
    all.samples.clear();
    for (const std::string& sentence : sentences(text)) {
      Pcm one = say_one(sentence, stop);
      all.rate = one.rate;
      all.samples.insert(all.samples.end(), one.samples.begin(), one.samples.end());
    }
    return all.samples.empty() ? silence() : all;
  }

 private:
  Pcm say_one(const std::string& sentence, const std::stop_token& stop) {
    info_->userdata = const_cast<std::stop_token*>(&stop);
    const std::unique_ptr<cst_utterance, decltype(&::delete_utterance)> spoken(
        ::flite_synth_text(sentence.c_str(), voice_.get()), ::delete_utterance);
    info_->userdata = nullptr;
    if (stop.stop_requested()) throw boost::system::system_error(asio::error::operation_aborted);
    if (spoken && statistics_) return filtered(*spoken);
    const cst_wave* wave = spoken ? ::utt_wave(spoken.get()) : nullptr;
    if (wave == nullptr || wave->num_samples <= 0) throw no_sound();
    const auto* bytes = reinterpret_cast<const char*>(wave->samples);
    return pcm_from_s16({bytes, 2 * static_cast<std::size_t>(wave->num_samples)}, wave->sample_rate, 1);
  }

  // By pitch, spectrum and voicing of each frame, as the library predicted them.
  Pcm filtered(const cst_utterance& spoken) const {
    const cst_val *predicted = ::feat_val(spoken.features, "param_track"),
                  *voicing = ::feat_val(spoken.features, "str_track");
    if (predicted == nullptr || voicing == nullptr) throw no_sound();
    const std::unique_ptr<cst_track, decltype(&::delete_track)> smooth(::mlpg(::val_track(predicted), statistics_),
                                                                       ::delete_track);
    const float* const* const strengths = ::val_track(voicing)->frames;
    const auto order = static_cast<std::size_t>(smooth->num_channels - 1);
    Vocoder vocoder(vocoder_, order);
    Pcm sound{.rate = vocoder_.rate, .channels = 1, .samples = {}};
    for (int i = 0; i < smooth->num_frames; ++i)
      vocoder.add(smooth->frames[i][0], {smooth->frames[i] + 1, order}, {strengths[i], vocoder_.bands.size()},
                  sound.samples);
    if (sound.samples.empty()) throw no_sound();
    return sound;
  }

  std::unique_ptr<cst_voice, decltype(&::delete_voice)> voice_{nullptr, ::delete_voice};
  float stretch_ = 1;
  cst_audio_streaming_info* info_ = nullptr;  // the voice's
  cst_cg_db* statistics_ = nullptr;           // the voice's; none of diphones
  VocoderVoice vocoder_;                      // of a statistical one
};

}  // namespace

// Voices that nobody uses at the moment: at most as many of a name as have ever spoken at once.
struct FliteSpeech::Shelf {
  std::unique_ptr<Voice> take(const VoiceMaker& maker) {
    {
      std::lock_guard lock(mutex);
      auto& spare = idle[maker.name];
      if (!spare.empty()) {
        auto voice = std::move(spare.back());
        spare.pop_back();
        return voice;
      }
    }
    return std::make_unique<Voice>(maker);
  }
  void put_back(const VoiceMaker& maker, std::unique_ptr<Voice> voice) {
    std::lock_guard lock(mutex);
    idle[maker.name].push_back(std::move(voice));
  }

  std::mutex mutex;
  std::map<std::string_view, std::vector<std::unique_ptr<Voice>>> idle;
};

FliteSpeech::FliteSpeech(ThreadPool& pool, std::string voice)
    : pool_(pool), voice_(std::move(voice)), shelf_(std::make_unique<Shelf>()) {
  if (find_voice(voice_) == nullptr)
    throw Error(Fault::invalid, "UNKNOWN_VOICE", "The offline English voice must be slt, rms, awb or kal16.");
}
FliteSpeech::~FliteSpeech() = default;

std::string FliteSpeech::name() const {
  return "odeon-offline/flite";
}

bool FliteSpeech::speaks(const SpeechRequest& request) const {
  return primary_language(request.language) == "en" && (request.voice.empty() || find_voice(request.voice) != nullptr);
}

std::vector<VoiceInfo> FliteSpeech::voices() const {
  std::vector<VoiceInfo> all{{voice_, "en", name()}};
  for (const auto& maker : kVoices)
    if (maker.name != voice_) all.push_back({std::string(maker.name), "en", name()});
  return all;
}

Task<Speech> FliteSpeech::speak(SpeechRequest request) {
  const std::string voice = request.voice.empty() ? voice_ : request.voice;
  const VoiceMaker* maker = find_voice(voice);
  if (maker == nullptr) throw Error(Fault::invalid, "UNKNOWN_VOICE", "The offline voice has no such name.");
  auto work = [this, maker, text = spoken(request.text, "en"), speed = request.speed](std::stop_token stop) {
    if (stop.stop_requested()) throw boost::system::system_error(asio::error::operation_aborted);
    auto voice = shelf_->take(*maker);
    Pcm audio = voice->say(text, speed, stop);
    shelf_->put_back(*maker, std::move(voice));
    return audio;
  };
  Pcm audio = co_await run_stoppable(pool_, std::move(work));
  co_return Speech{std::move(audio), name(), voice};
}

}  // namespace odeon::ai
