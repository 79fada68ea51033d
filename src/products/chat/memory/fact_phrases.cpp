#include "products/chat/memory/fact_phrases.hpp"

#include <array>

namespace odeon::chat {
namespace {

constexpr auto kPhrases = std::to_array<FactPhrase>({
    // English
    {"my name is", Topic::name, "Name:"},
    {"my name's", Topic::name, "Name:"},
    {"call me", Topic::address, "Wants to be called"},
    {"i live in", Topic::home, "Lives in"},
    {"i'm living in", Topic::home, "Lives in"},
    {"i am living in", Topic::home, "Lives in"},
    {"i now live in", Topic::home, "Lives in"},
    {"i moved to", Topic::home, "Lives in"},
    {"i've moved to", Topic::home, "Lives in"},
    {"i have moved to", Topic::home, "Lives in"},
    {"i'm based in", Topic::home, "Lives in"},
    {"i am based in", Topic::home, "Lives in"},
    {"i'm from", Topic::other, "Comes from"},
    {"i am from", Topic::other, "Comes from"},
    {"i work as", Topic::job, "Works as"},
    {"i work at", Topic::employer, "Works at"},
    {"i work for", Topic::employer, "Works at"},
    {"my birthday is on", Topic::birthday, "Birthday:"},
    {"my birthday is", Topic::birthday, "Birthday:"},
    {"i was born on", Topic::birthday, "Birthday:"},
    {"i'm allergic to", Topic::other, "Allergic to"},
    {"i am allergic to", Topic::other, "Allergic to"},
    {"i prefer", Topic::other, "Prefers"},
    {"i don't like", Topic::other, "Dislikes"},
    {"i do not like", Topic::other, "Dislikes"},
    {"i dislike", Topic::other, "Dislikes"},
    {"i hate", Topic::other, "Dislikes"},
    {"i like", Topic::other, "Likes"},
    {"i love", Topic::other, "Likes"},
    {"i'm learning", Topic::other, "Is learning"},
    {"i am learning", Topic::other, "Is learning"},
    {"i speak", Topic::other, "Speaks"},
    {"always answer", Topic::answers, "Wants answers"},
    // German
    {"mein name ist", Topic::name, "Name:"},
    {"ich heiße", Topic::name, "Name:"},
    {"ich heisse", Topic::name, "Name:"},
    {"nenn mich", Topic::address, "Wants to be called"},
    {"nenne mich", Topic::address, "Wants to be called"},
    {"ich wohne in", Topic::home, "Lives in"},
    {"ich lebe in", Topic::home, "Lives in"},
    {"ich arbeite als", Topic::job, "Works as"},
    {"ich arbeite bei", Topic::employer, "Works at"},
    {"ich bin allergisch gegen", Topic::other, "Allergic to"},
    {"ich bevorzuge", Topic::other, "Prefers"},
    // French
    {"je m'appelle", Topic::name, "Name:"},
    {"mon nom est", Topic::name, "Name:"},
    {"appelle-moi", Topic::address, "Wants to be called"},
    {"appelez-moi", Topic::address, "Wants to be called"},
    {"j'habite à", Topic::home, "Lives in"},
    {"j'habite en", Topic::home, "Lives in"},
    {"je vis à", Topic::home, "Lives in"},
    {"je vis en", Topic::home, "Lives in"},
    {"je travaille comme", Topic::job, "Works as"},
    {"je travaille chez", Topic::employer, "Works at"},
    {"je suis allergique à", Topic::other, "Allergic to"},
    {"je suis allergique aux", Topic::other, "Allergic to"},
    {"je préfère", Topic::other, "Prefers"},
    // Spanish
    {"me llamo", Topic::name, "Name:"},
    {"mi nombre es", Topic::name, "Name:"},
    {"llámame", Topic::address, "Wants to be called"},
    {"vivo en", Topic::home, "Lives in"},
    {"trabajo como", Topic::job, "Works as"},
    {"soy alérgico a", Topic::other, "Allergic to"},
    {"soy alérgica a", Topic::other, "Allergic to"},
    {"prefiero", Topic::other, "Prefers"},
    // Italian
    {"mi chiamo", Topic::name, "Name:"},
    {"il mio nome è", Topic::name, "Name:"},
    {"chiamami", Topic::address, "Wants to be called"},
    {"abito a", Topic::home, "Lives in"},
    {"vivo a", Topic::home, "Lives in"},
    {"lavoro come", Topic::job, "Works as"},
    {"sono allergico a", Topic::other, "Allergic to"},
    {"sono allergica a", Topic::other, "Allergic to"},
    {"preferisco", Topic::other, "Prefers"},
    // Turkish
    {"benim adim", Topic::name, "Name:"},
    {"adim", Topic::name, "Name:"},
});

constexpr auto kRemember =
    std::to_array<std::string_view>({"remember that", "please remember that", "keep in mind that", "don't forget that",
                                     "note that", "merk dir dass", "merke dir dass", "denk daran dass", "retiens que",
                                     "souviens-toi que", "recuerda que", "ricorda che", "ricordati che"});

constexpr auto kFillers = std::to_array<std::string_view>(
    {"hi",      "hello",    "hey",   "well", "so",   "also",  "and",   "but",      "oh", "please",
     "btw",     "actually", "today", "und",  "aber", "hallo", "bitte", "übrigens", "et", "mais",
     "bonjour", "salut",    "y",     "pero", "hola", "e",     "ma",    "ciao",     "ve", "merhaba"});

constexpr auto kFirstPerson = std::to_array<std::string_view>(
    {"i",       "i'm",    "i've", "i'd",      "i'll",   "my",      "me",       "mine",       "myself",   "we",
     "we're",   "our",    "us",   "remember", "forget", "mind",    "ich",      "mein",       "meine",    "meinen",
     "meinem",  "meiner", "mich", "mir",      "wir",    "unser",   "unsere",   "merk",       "merke",    "je",
     "moi",     "mon",    "ma",   "mes",      "nous",   "notre",   "nos",      "yo",         "mi",       "mis",
     "me",      "llamo",  "soy",  "tengo",    "vivo",   "trabajo", "prefiero", "recuerda",   "nosotros", "io",
     "mio",     "mia",    "miei", "mie",      "sono",   "abito",   "lavoro",   "preferisco", "chiamami", "llámame",
     "ricorda", "eu",     "meu",  "minha",    "moro",   "sou",     "trabalho", "ik",         "mijn",     "mij",
     "ben",     "benim",  "bana", "beni",     "adim",   "evim",    "always"});

constexpr auto kTurning = std::to_array<std::string_view>(
    {"but", "because", "although", "aber", "weil", "mais", "parce", "pero", "porque", "perché", "ama", "çünkü"});

constexpr auto kJoining = std::to_array<std::string_view>({"and", "und", "et", "y", "e", "ve"});

constexpr auto kIndefinite = std::to_array<std::string_view>(
    {"a",   "an",   "the", "my",  "our",  "this",  "that",  "there", "here", "not", "your",   "his", "her", "their",
     "its", "some", "no",  "ein", "eine", "einem", "einer", "einen", "dem",  "der", "meinem", "un",  "une", "mon",
     "ma",  "una",  "mi",  "la",  "el",   "il",    "lo",    "later", "when", "if",  "as",     "in",  "mad", "crazy"});

}  // namespace

std::span<const FactPhrase> fact_phrases() {
  return kPhrases;
}
std::span<const std::string_view> asks_to_remember() {
  return kRemember;
}
std::span<const std::string_view> fillers() {
  return kFillers;
}
std::span<const std::string_view> turning_words() {
  return kTurning;
}
std::span<const std::string_view> joining_words() {
  return kJoining;
}
std::span<const std::string_view> first_person_words() {
  return kFirstPerson;
}
std::span<const std::string_view> indefinite_words() {
  return kIndefinite;
}

}  // namespace odeon::chat
