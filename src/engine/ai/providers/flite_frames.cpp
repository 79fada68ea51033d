#include "engine/ai/providers/flite_frames.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

// Of the library, in no header that is installed: pitch by accents and phrases, for voices that have trees of both.
extern "C" cst_utterance* cst_spamf0(cst_utterance* utterance);

namespace odeon::ai {
namespace {

constexpr std::string_view kOfItsState = "R:mcep_link.parent.";
constexpr float kLeastPitch = 50, kMostPitch = 700;  // Hz

// Values of an item's features by their paths, each looked up once.
class Features {
 public:
  const cst_val* value(const cst_item* item, const char* path) {
    const cst_val*& value = values_[path];
    if (value == nullptr) {
      value = ::ffeature(item, path);
      ::feat_set(kept_.get(), path, value);  // some are made for whoever asks
    }
    return value;
  }
  void forget() {
    values_.clear();
    kept_.reset(::new_features());
  }

 private:
  std::unordered_map<const char*, const cst_val*> values_;  // paths are the voice's or ours, and stay where they are
  std::unique_ptr<cst_features, decltype(&::delete_features)> kept_{::new_features(), ::delete_features};
};

// Looks at one frame after the other; those of a state stand together.
class Reader {
 public:
  // True for the first of a state.
  bool move_to(cst_item* frame) {
    frame_ = frame;
    of_frame_.forget();
    const cst_item* state = ::item_parent(::item_as(frame, "mcep_link"));
    const bool is_first = state != std::exchange(state_, state);
    if (is_first) of_state_.forget();
    return is_first;
  }
  const cst_val* value(const char* path) {
    return (std::string_view(path).starts_with(kOfItsState) ? of_state_ : of_frame_).value(frame_, path);
  }
  // As ::cart_interpret.
  const cst_val* answer(const cst_cart& tree) {
    for (int at = 0;;) {
      const cst_cart_node& node = tree.rule_table[at];
      if (node.op == CST_CART_OP_LEAF) return node.val;
      if (node.op != CST_CART_OP_IS && node.op != CST_CART_OP_LESS) return ::cart_interpret(frame_, &tree);
      const cst_val* found = value(tree.feat_table[node.feat]);
      const bool is_so = node.op == CST_CART_OP_IS ? ::val_equal(found, node.val) : ::val_less(found, node.val);
      at = is_so ? at + 1 : node.no_node;
    }
  }

 private:
  cst_item* frame_ = nullptr;
  const cst_item* state_ = nullptr;
  Features of_frame_, of_state_;
};

cst_item* first_of(const cst_utterance& utterance, const char* relation) {
  return ::relation_head(::utt_relation(&utterance, relation));
}

// Below each segment the states of its phone.
void add_states(cst_utterance& utterance, const cst_cg_db& voice) {
  cst_relation *states = ::utt_relation_create(&utterance, "HMMstate"),
               *segments = ::utt_relation_create(&utterance, "segstate");
  for (cst_item* segment = first_of(utterance, "Segment"); segment; segment = ::item_next(segment)) {
    cst_item* above = ::relation_append(segments, segment);
    const std::string_view name = ::item_feat_string(segment, "name");
    const auto* phone = voice.phone_states;
    while (*phone && name != **phone) ++phone;
    if (!*phone) phone = voice.phone_states;
    for (int position = 1; (*phone)[position]; ++position) {
      cst_item* state = ::relation_append(states, nullptr);
      ::item_add_daughter(above, state);
      ::item_set_string(state, "name", (*phone)[position]);
      ::item_set_int(state, "statepos", position);
    }
  }
}

// Seconds.
float duration_of(cst_item* state, const cst_cg_db& voice) {
  float score = 0;
  for (int i = 0; i < voice.num_dur_models; ++i) score += ::val_float(::cart_interpret(state, voice.dur_cart[i]));
  score /= static_cast<float>(voice.num_dur_models);
  const std::string_view name = ::item_feat_string(state, "name");
  const dur_stat* const* known = voice.dur_stats[0];
  while (*known && name != (*known)->phone) ++known;
  const dur_stat& usual = *known ? **known : *voice.dur_stats[0][0];
  return score * usual.stddev + usual.mean;
}

// Below each state its frames; returns how many there are.
int add_frames(cst_utterance& utterance, const cst_cg_db& voice) {
  cst_relation *frames = ::utt_relation_create(&utterance, "mcep"),
               *links = ::utt_relation_create(&utterance, "mcep_link");
  const float stretch = ::get_param_float(utterance.features, "duration_stretch", 1.0F);
  float end = 0;
  int count = 0;
  for (cst_item* state = first_of(utterance, "HMMstate"); state; state = ::item_next(state)) {
    end += std::max(stretch * duration_of(state, voice), voice.frame_advance);
    ::item_set_float(state, "end", end);
    cst_item* link = ::relation_append(links, state);
    for (; static_cast<float>(count) * voice.frame_advance <= end; ++count) {
      cst_item* frame = ::relation_append(frames, nullptr);
      ::item_add_daughter(link, frame);
      ::item_set_int(frame, "frame_number", count);
      ::item_set(frame, "name", ::item_feat(link, "name"));
    }
  }
  for (cst_item* segment = first_of(utterance, "Segment"); segment; segment = ::item_next(segment))
    ::item_set(segment, "end", ::ffeature(segment, "R:segstate.daughtern.end"));
  return count;
}

float catmull_rom(float p, float p0, float p1, float p2, float p3) {
  return static_cast<float>(0.5 * ((2.0 * p1) + (p * (-p0 + p2)) +
                                   ((p * p) * (((2.0 * p0) - (5.0 * p1)) + ((4.0 * p2) - p3))) +
                                   ((p * p * p) * (-p0 + ((3.0 * p1) - (3.0 * p2)) + p3))));
}

// Pitch from syllable to syllable, on a curve through both ends and the middle of each.
void bend_pitch(const cst_utterance& utterance, cst_track& track) {
  constexpr const char *kFirst = "R:SylStructure.daughter1.R:segstate.daughter1.R:mcep_link.daughter1.frame_number",
                       *kLast = "R:SylStructure.daughtern.R:segstate.daughtern.R:mcep_link.daughtern.frame_number";
  const auto pitch = [&](int frame) -> float& { return track.frames[frame][0]; };
  float middle = -1, end = -1;
  for (const cst_item* syllable = first_of(utterance, "Syllable"); syllable; syllable = ::item_next(syllable)) {
    const int first = ::ffeature_int(syllable, kFirst), last = ::ffeature_int(syllable, kLast),
              centre = (first + last) / 2;
    if (last <= first) continue;
    const float start = end > 0 ? end : pitch(first), before = middle < 0 ? start : middle;
    middle = pitch(centre);
    float after = end = pitch(last - 1);
    if (const cst_item* next = ::item_next(syllable)) {
      end = (pitch(last - 1) + pitch(last)) / 2;
      after = pitch((::ffeature_int(next, kFirst) + ::ffeature_int(next, kLast)) / 2);
    }
    float step = 1.0F / static_cast<float>(centre - first);
    for (int i = 0; first + i < centre; ++i)
      pitch(first + i) = catmull_rom(static_cast<float>(i) * step, before, start, middle, end);
    step = 1.0F / static_cast<float>(last - centre);
    for (int i = 0; centre + i < last; ++i)
      pitch(centre + i) = catmull_rom(static_cast<float>(i) * step, start, middle, end, after);
  }
}

std::size_t type_of(std::string_view state, const cst_cg_db& voice) {
  for (std::size_t i = 0; voice.types[i]; ++i)
    if (state == voice.types[i]) return i;
  return 0;
}

}  // namespace

bool has_known_frames(const cst_cg_db& voice) {
  return voice.num_f0_models == 1 && voice.num_param_models == 1 &&
         voice.model_shape == CST_CG_MODEL_SHAPE_BASE_MINRANGE && voice.do_mlpg && voice.mixed_excitation;
}

void predict_frames(cst_utterance& utterance, const cst_cg_db& voice) {
  add_states(utterance, voice);
  const int count = add_frames(utterance, voice), values = voice.num_channels[0];
  const int bands = voice.ME_num, width = values - 2 * (bands + 1);  // the last one says whether there is voice at all
  cst_track *spectrum = ::new_track(), *voicing = ::new_track();
  ::feat_set(utterance.features, "param_track", ::track_val(spectrum));
  ::feat_set(utterance.features, "str_track", ::track_val(voicing));
  ::feat_set(utterance.features, "param_track_num_frames", ::int_val(count));
  ::cst_track_resize(spectrum, count, width);
  ::cst_track_resize(voicing, count, bands);

  Reader reader;
  std::vector<bool> has_voice;
  std::size_t type = 0;
  int at = 0;
  for (cst_item* frame = first_of(utterance, "mcep"); frame; frame = ::item_next(frame), ++at) {
    if (reader.move_to(frame)) type = type_of(::item_feat_string(frame, "name"), voice);
    const float pitch = ::val_float(reader.answer(*voice.f0_trees[0][type]));
    spectrum->frames[at][0] = pitch < kLeastPitch ? 0 : pitch;
    const unsigned short* packed = voice.model_vectors[0][::val_int(reader.answer(*voice.param_trees[0][type]))];
    const auto unpacked = [&](int i) {
      return voice.model_min[i] + static_cast<float>(packed[i] / 65535.0) * voice.model_range[i];
    };
    for (int i = 2; i < width; ++i) spectrum->frames[at][i] = unpacked(i);
    for (int band = 0; band < bands; ++band) voicing->frames[at][band] = unpacked(width + 2 * band);
    spectrum->times[at] = static_cast<float>(at) * voice.frame_advance;
    const std::string_view phone = ::val_string(reader.value("R:mcep_link.parent.R:segstate.parent.name")),
                           is_vowel = ::val_string(reader.value("R:mcep_link.parent.R:segstate.parent.ph_vc"));
    has_voice.push_back(phone != "pau" && (is_vowel == "+" || unpacked(values - 2) > 0.5F));
  }
  bend_pitch(utterance, *spectrum);
  for (int i = 0; i < count; ++i) {
    float& pitch = spectrum->frames[i][0];
    pitch = has_voice[static_cast<std::size_t>(i)] ? std::clamp(pitch, kLeastPitch, kMostPitch) : 0;
  }
  if (voice.spamf0) ::cst_spamf0(&utterance);
}

}  // namespace odeon::ai
