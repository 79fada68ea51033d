#include "engine/ai/providers/hashed_embeddings.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/text.hpp"
#include "engine/ai/providers/vectors.hpp"

namespace odeon::ai {
namespace {

constexpr std::size_t kLookedAt = 64 << 10;   // bytes
constexpr char32_t kBegin = '<', kEnd = '>';  // of a word, for its pieces
constexpr std::size_t kLongestWord = 32;      // longer ones are no words, but writing without spaces, or noise
// A word counts by itself, and all its pieces together a little more: they carry what inflection leaves.
constexpr float kPieces = 1.3F;
constexpr float kEndPiece = 0.5F;  // an ending says less than a stem
constexpr float kCommon = 0.25F;   // so does a word that is everywhere

// What U+00C0 to U+017F are without accents; a space for what is no letter.
constexpr std::string_view kPlain =
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kPlain.size() == 0x180 - 0xC0);

constexpr std::pair<char32_t, char32_t> kGreek[] = {{U'ά', U'α'}, {U'έ', U'ε'}, {U'ή', U'η'}, {U'ί', U'ι'},
                                                    {U'ό', U'ο'}, {U'ύ', U'υ'}, {U'ώ', U'ω'}, {U'ς', U'σ'}};

// Small, and without accents; 0 for what is in no word.
char32_t folded(char32_t c) {
  if (c >= 'A' && c <= 'Z') return c + ('a' - 'A');
  if (c < 0xC0) return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : 0;
  if (c < 0x180) return kPlain[c - 0xC0] == ' ' ? 0 : static_cast<char32_t>(kPlain[c - 0xC0]);
  if (c >= 0x391 && c <= 0x3A9) return c + 0x20;
  for (const auto& [accented, plain] : kGreek)
    if (c == accented) return plain;
  if (c >= 0x410 && c <= 0x42F) return c + 0x20;
  if (c >= 0x400 && c <= 0x40F) return c + 0x50;
  if (c >= 0xFF01 && c <= 0xFF5E) return folded(c - 0xFEE0);  // full width
  const bool mark = (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) || (c >= 0xFE00 && c <= 0xFE6F) ||
                    c == 0x60C || c == 0x61B || c == 0x61F || c == 0x964 || c == 0xFFFD;
  return mark ? 0 : c;
}

bool is_accent(char32_t c) {
  return c >= 0x300 && c <= 0x36F;
}

// Chinese, Japanese, Korean: a letter or two is what a stem is elsewhere.
bool is_dense(char32_t c) {
  return c >= 0x2E80 && c < 0xFE00;
}

// The shorter ones are known by their length, where words are written with an alphabet that has vowels.
bool is_common(std::u32string_view word) {
  static constexpr std::u32string_view kWords[] = {
      U"aber",  U"about", U"alla", U"also",   U"auch",  U"avec",   U"been",  U"como",  U"could",  U"dans", U"della",
      U"dein",  U"deine", U"doch", U"does",   U"eine",  U"einem",  U"einen", U"einer", U"elle",   U"este", U"estoy",
      U"from",  U"haben", U"habe", U"have",   U"icin",  U"ihre",   U"into",  U"just",  U"kann",   U"lles", U"mein",
      U"meine", U"mais",  U"mehr", U"more",   U"nicht", U"noch",   U"nous",  U"oder",  U"over",   U"para", U"pero",
      U"plus",  U"pour",  U"qual", U"quando", U"quel",  U"quelle", U"sein",  U"seine", U"sich",   U"sind", U"sobre",
      U"some",  U"sono",  U"than", U"that",   U"their", U"them",   U"then",  U"there", U"these",  U"they", U"this",
      U"uber",  U"unter", U"vous", U"were",   U"what",  U"when",   U"where", U"which", U"will",   U"with", U"would",
      U"wird",  U"your",  U"zijn", U"что",    U"этот",  U"меня",   U"когда", U"если",  U"которые"};
  if (word.size() <= 3) return word.front() >= 'a' && word.front() <= 0x52F;
  return std::ranges::find(kWords, word) != std::end(kWords);
}

struct Feature {
  std::uint64_t hash;
  float weight;
};

std::uint64_t hash_of(std::u32string_view letters) {
  std::uint64_t hash = 0xCBF29CE484222325;  // FNV-1a, whose low bits are then stirred
  for (const char32_t c : letters) hash = (hash ^ c) * 0x100000001B3;
  hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93;
  return hash ^ (hash >> 32);
}

// `word` stands between kBegin and kEnd.
void take_word(std::u32string_view word, std::vector<Feature>& features) {
  const std::u32string_view bare = word.substr(1, word.size() - 2);
  const float weight = is_common(bare) ? kCommon : 1.0F;
  const bool dense = is_dense(bare.front());
  if (!dense && bare.size() <= kLongestWord) features.push_back({hash_of(bare), weight});
  const std::size_t shortest = dense ? 1 : 3, longest = dense ? 2 : 5;
  const std::u32string_view cut = dense ? bare : word;
  const std::size_t first = features.size();
  for (std::size_t size = shortest; size <= std::min(longest, cut.size()); ++size)
    for (std::size_t at = 0; at + size <= cut.size(); ++at) {
      const bool at_end = !dense && at > 0 && at + size == cut.size();
      features.push_back({hash_of(cut.substr(at, size)), at_end ? kEndPiece : 1.0F});
    }
  // Of a run without spaces each letter counts about as much as a short word.
  const auto pieces = static_cast<float>(features.size() - first);
  const float each = weight * kPieces / std::sqrt(dense ? 3.0F : std::max(pieces, 1.0F));
  for (std::size_t i = first; i < features.size(); ++i) features[i].weight *= each;
}

char32_t next_code_point(std::string_view& utf8) {
  const auto first = static_cast<unsigned char>(utf8.front());
  const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  char32_t c = size == 1 ? first : first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) c = c << 6 | (static_cast<unsigned char>(utf8[i]) & 0x3F);
  utf8.remove_prefix(size);
  return c;
}

std::vector<Feature> features_of(std::string_view text) {
  text = text.substr(0, kLookedAt);
  const std::string valid = text::is_utf8(text) ? "" : text::to_valid_utf8(text);
  std::string_view rest = valid.empty() ? text : valid;
  std::vector<Feature> features;
  features.reserve(rest.size() * 4);
  std::u32string word(1, kBegin);
  const auto finish = [&] {
    if (word.size() > 1) take_word(word + kEnd, features);
    word.resize(1);
  };
  while (!rest.empty()) {
    const char32_t raw = next_code_point(rest), c = folded(raw);
    if (is_accent(raw)) continue;
    // Where the writing changes, as between a Japanese word and a foreign one, a word ends.
    if (c == 0 || (word.size() > 1 && is_dense(c) != is_dense(word.back()))) finish();
    if (c != 0) word += c;
  }
  finish();
  return features;
}

}  // namespace

std::vector<float> hashed_embedding(std::string_view text) {
  std::vector<Feature> features = features_of(text);
  std::ranges::sort(features, {}, &Feature::hash);
  std::vector<float> vector(kHashedDimensions);
  for (auto each = features.begin(); each != features.end();) {
    const auto last = std::find_if(each, features.end(), [&](const Feature& f) { return f.hash != each->hash; });
    // What is said ten times is not ten times as important.
    const float often = 1 + std::log(static_cast<float>(last - each));
    const float sign = (each->hash >> 63) != 0 ? -1 : 1;
    vector[each->hash % kHashedDimensions] += sign * often * each->weight;
    each = last;
  }
  to_length_one(vector);
  return vector;
}

Task<Embeddings> HashedEmbeddings::embed(EmbeddingRequest request) {
  auto vectors = co_await run_blocking(pool_, [texts = std::move(request.texts)] {
    std::vector<std::vector<float>> all;
    all.reserve(texts.size());
    for (const auto& text : texts) all.push_back(hashed_embedding(text));
    return all;
  });
  co_return Embeddings{.vectors = std::move(vectors), .model = name(), .usage = {}};
}

}  // namespace odeon::ai
