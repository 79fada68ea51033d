#include "products/chat/memory/secrets.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "products/chat/folding.hpp"

namespace odeon::chat {
namespace {

constexpr std::size_t kShortestCard = 13, kLongestCard = 19, kShortestKey = 20, kShortestAccount = 15;

constexpr auto kWords = std::to_array<std::string_view>(
    {"password",      "passwort",  "kennwort",    "passphrase",  "mot de passe",    "contraseña",  "parola",
     "şifre",         "api key",   "api-key",     "apikey",      "secret key",      "private key", "access key",
     "access token",  "bearer ",   "credit card", "card number", "kreditkarte",     "cvv",         "cvc",
     "iban",          "pin code",  "pin is",      "my pin",      "social security", "ssn",         "seed phrase",
     "recovery code", "-----begin"});

// ISO/IEC 7812-1, annex B (Luhn).
bool checks_out(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto at = digits.rbegin(); at != digits.rend(); ++at, twice = !twice) {
    const int value = (*at - '0') * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

// Digits in groups, as they stand on a card.
bool holds_card(std::string_view text) {
  std::string digits;
  const auto is_card = [&] {
    return digits.size() >= kShortestCard && digits.size() <= kLongestCard && checks_out(digits);
  };
  for (const char c : text) {
    if (text::is_digit(c))
      digits += c;
    else if (c != ' ' && c != '-') {
      if (is_card()) return true;
      digits.clear();
    }
  }
  return is_card();
}

// Letters and digits mixed, longer than any word: a key. Two letters and two digits before it: an account (ISO 13616).
bool is_key(std::string_view word) {
  const auto digits = std::ranges::count_if(word, text::is_digit),
             letters = std::ranges::count_if(word, text::is_letter);
  if (word.size() >= kShortestKey && digits >= 3 && letters >= 3 && !word.contains("://")) return true;
  return word.size() >= kShortestAccount && text::is_letter(word[0]) && text::is_letter(word[1]) &&
         text::is_digit(word[2]) && text::is_digit(word[3]) && digits + letters == std::ssize(word);
}

}  // namespace

bool holds_secret(std::string_view text) {
  const std::string lower = folded(text);
  if (std::ranges::any_of(kWords, [&](std::string_view word) { return lower.contains(word); })) return true;
  if (holds_card(text)) return true;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" \t\n\"'`,;()", at), text.size());
    if (is_key(text.substr(at, end - at))) return true;
    at = end + 1;
  }
  return false;
}

}  // namespace odeon::chat
