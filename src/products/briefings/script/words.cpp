#include "products/briefings/script/words.hpp"

#include <unordered_set>

#include "base/text.hpp"
#include "products/briefings/news/markup.hpp"

namespace odeon::briefings {
namespace {

using Words = std::unordered_set<std::string_view>;

Words listed(std::string_view written) {
  Words list;
  for (auto word : text::split(written, ' ')) list.insert(word);
  return list;
}

const Words& regular_verbs() {
  static const Words list = listed(
      "accelerate accept accuse acquire add adjust admit advance agree aim allow announce appear appoint "
      "approach approve argue ask attract back ban beat begin benefit block boost borrow brace bring build buy "
      "call cause challenge change claim climb close complete confirm consider continue cost create cut decide "
      "decline defend defer delay deliver demand deny dip double drag drive drop ease edge eliminate employ end "
      "enter estimate exceed expand expect extend face fail fall fear file find fine finish follow forecast "
      "freeze fuel gain gather get give grow halt help hike hire hit hold improve include increase indicate "
      "invest issue jump keep know lag launch lead leap leave lend lift link look lose lower maintain make mark "
      "match mean meet merge miss move name narrow near need note offer open operate order outpace outperform "
      "outstrip oversee own pass pause pay plan plead pledge plummet plunge post prepare press price produce "
      "prompt propose publish pull push put raise rally reach rebound recall receive record recover reduce "
      "reject remain replace report resign resume retreat return reveal reverse rise run say secure see seek "
      "sell send set settle shed show shrink shut sign signal sink slash slide slip slow slump snap soar spend "
      "split stall start stay steady step stick stop struggle suffer suggest support surge surprise suspend "
      "swing take tell test top total touch track trade trail trigger trim triple tumble turn unveil urge use "
      "value vote wait want warn weaken weigh widen win wipe work yield strengthen firm flag host outline stand "
      "come go become let bid draw welcome lay scale scrap tighten");
  return list;
}

const Words& irregular_verbs() {
  static const Words list = listed(
      "is are was were be been am has have had does do did will would could can should may might must shall "
      "won't can't isn't wasn't hasn't didn't doesn't aren't weren't said told rose risen fell fallen grew "
      "grown led hit cut put set got gave given left met paid ran shut stood fed made took taken came went "
      "began begun saw seen won lost sold bought held kept beat beaten brought built chose drew drove driven "
      "felt found knew lent meant read sank sent shed shrank slid spent spoke sought swung thought threw "
      "underwent wrote became broke leapt froze let laid lay stuck struck bid goes");
  return list;
}

const Words& stop_words() {
  static const Words list = listed(
      "a an the of in on at to for from by with as and or but its it their his her this that these those is are "
      "was were be been has have had will would after before amid over into than up down out off about says say "
      "said new more not no how why what who when where which while could can may might also just he she they "
      "we you i per percent cent pct mr ms here there report reports");
  return list;
}

// Words that often start a sentence or a headline and are not names.
const Words& common_starts() {
  static const Words list = listed(
      "a an the in on at for from by with as and but it its he she they their this that these those we our "
      "there here after before while when if since because although despite amid under over during both all "
      "some many most more several other another analysts investors traders shares stocks bonds markets prices "
      "sales profit profits revenue earnings oil gold copper crude gas wheat natural inflation consumer "
      "consumers retail factory jobs unemployment wages mortgage house housing home interest rates government "
      "ministers officials regulators economists executives management demand supply exports imports trade "
      "growth output orders technology tech chip chipmaker chipmakers software cloud energy mining miners banks "
      "banking lenders airlines airline retailers retailer carmakers drugmaker grocer bond stock market two "
      "three four five six seven eight nine ten one half about around nearly almost early late last next higher "
      "lower rising falling strong weak no not only even also meanwhile however still separately elsewhere "
      "overall trading volumes yields futures short-dated longer-dated services manufacturing industrial "
      "household private public global world domestic foreign average annual quarterly monthly group underlying "
      "operating pre-tax net total data figures figure results small large big smaller larger freight shipping "
      "port ports why what how who where new record data-centre battery power electricity solar wind cyber "
      "robot robots regional central policymakers minutes negotiators business businesses construction builders "
      "homebuilders passenger tourism hotel hotels food grocery borrowing lending tax benchmark brokers dealers "
      "buyers sellers customers workers staff unions stockpiles inventories producers refiners farmers coffee "
      "cocoa silver aluminium iron lithium shipments memory margins margin costs spending activity");
  return list;
}

std::string stem(std::string word) {
  const auto drop = [&](std::string_view ending, std::size_t least) {
    if (word.size() < least + ending.size() || !word.ends_with(ending)) return false;
    word.erase(word.size() - ending.size());
    return true;
  };
  if (word.ends_with("ss")) return word;
  if (drop("ies", 2)) return word + "y";
  static_cast<void>(drop("ing", 4) || drop("ed", 4) || drop("es", 4) || drop("s", 3));
  if (word.size() > 4 && word.ends_with('e')) word.pop_back();
  return word;
}

const Words& rises() {
  static const Words list = listed(
      "rise rose ris gain climb jump surg soar advanc rally higher lift rais boost increas up grow grew rebound "
      "recover leap upgrad firm expand strengthen");
  return list;
}

const Words& falls() {
  static const Words list = listed(
      "fall fell drop slip slid slide tumbl plung sink sank lower cut reduc declin dip retreat slump trim down "
      "eas ease shrink downgrad weaken plummet slash shed");
  return list;
}

// Pieces between white space, without the punctuation around them.
std::vector<std::string> raw_words(std::string_view text) {
  const std::string plain = plain_punctuation(text);
  text = plain;
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    while (!word.empty() && !text::may_be_letter(word.back()) && !text::is_digit(word.back())) word.pop_back();
    if (word.ends_with("'s")) word.erase(word.size() - 2);
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool inside = !word.empty() && (c == '\'' || c == '-' || c == '&' || c == '.' ||
                                          (c == ',' && i + 1 < text.size() && text::is_digit(text[i + 1])));
    if (text::may_be_letter(c) || text::is_digit(c) || inside)
      word += c;
    else
      finish();
  }
  finish();
  return words;
}

}  // namespace

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_verb(std::string_view word) {
  if (irregular_verbs().contains(word) || regular_verbs().contains(word)) return true;
  const auto stripped = [&](std::string_view ending, std::string_view back) {
    if (!word.ends_with(ending) || word.size() <= ending.size() + 1) return false;
    std::string base(word.substr(0, word.size() - ending.size()));
    if (regular_verbs().contains(base + std::string(back))) return true;
    return base.size() > 3 && base[base.size() - 1] == base[base.size() - 2] &&
           regular_verbs().contains(std::string_view(base).substr(0, base.size() - 1));
  };
  return stripped("s", "") || stripped("es", "") || stripped("ies", "y") || stripped("ed", "") || stripped("d", "") ||
         stripped("ied", "y");
}

bool is_stop_word(std::string_view word) {
  return stop_words().contains(word);
}

bool is_common_word(std::string_view word) {
  return common_starts().contains(word);
}

std::vector<std::string> words_of(std::string_view text) {
  auto words = raw_words(text);
  for (auto& word : words) word = text::to_lower(word);
  return words;
}

std::set<std::string> topics_of(std::string_view text) {
  std::set<std::string> topics;
  for (auto& word : words_of(text)) {
    const bool direction = word == "up" || word == "down";
    if (is_stop_word(word) && !direction) continue;
    std::erase(word, ',');
    const std::string reduced = stem(word);
    if (rises().contains(reduced) || rises().contains(word))
      topics.emplace(kUp);
    else if (falls().contains(reduced) || falls().contains(word))
      topics.emplace(kDown);
    else
      topics.insert(reduced);
  }
  return topics;
}

namespace {
std::size_t shared(const std::set<std::string>& a, const std::set<std::string>& b) {
  return static_cast<std::size_t>(std::ranges::count_if(a, [&](const auto& word) { return b.contains(word); }));
}
}  // namespace

double jaccard(const std::set<std::string>& a, const std::set<std::string>& b) {
  const std::size_t both = shared(a, b), either = a.size() + b.size() - both;
  return either == 0 ? 0 : static_cast<double>(both) / static_cast<double>(either);
}

double containment(const std::set<std::string>& a, const std::set<std::string>& b) {
  const std::size_t least = std::min(a.size(), b.size());
  return least == 0 ? 0 : static_cast<double>(shared(a, b)) / static_cast<double>(least);
}

std::string subject_of(std::string_view title) {
  for (const auto& word : raw_words(title)) {
    const std::string lower = text::to_lower(word);
    const bool capital =
        (word.front() >= 'A' && word.front() <= 'Z') || static_cast<std::uint8_t>(word.front()) >= 0x80;
    if (capital && !is_stop_word(lower) && !is_common_word(lower) && !is_verb(lower)) return stem(lower);
  }
  return {};
}

}  // namespace odeon::briefings
