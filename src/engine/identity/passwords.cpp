#include "engine/identity/passwords.hpp"

#include <crypt.h>
#include <sodium.h>

#include <stdexcept>

#include "base/crypto.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace odeon::identity {
namespace {

std::string hash_now(const std::string& password, const PasswordOptions& options) {
  std::string out(crypto_pwhash_argon2id_STRBYTES, '\0');
  if (crypto_pwhash_argon2id_str(out.data(), password.data(), password.size(), options.operations, options.memory) != 0)
    throw Error(Fault::unavailable, "BUSY", "The server is short of memory. Try again in a moment.")
        .with_retry_after(std::chrono::seconds(2));
  out.resize(out.find('\0'));
  return out;
}

// The work of a real check, and never a match: as much as a real hash of the same parameters takes.
std::string nobodys_hash(const PasswordOptions& options) {
  auto part = [](std::size_t bytes) {
    std::string text = crypto::to_base64(crypto::random_bytes(bytes));
    return text.substr(0, text.find('='));
  };
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", options.memory / 1024, options.operations, part(16),
                     part(32));
}

// "$2b$12$", then 53 characters; each step of the cost doubles the time, and 14 takes about a second.
constexpr std::size_t kBcryptHash = 60;
constexpr int kLeastCost = 4, kMostCost = 14;

bool is_bcrypt(std::string_view stored) {
  if (stored.size() != kBcryptHash || !stored.starts_with("$2") || !std::string_view("aby").contains(stored[2]))
    return false;
  if (stored[3] != '$' || !text::is_digit(stored[4]) || !text::is_digit(stored[5]) || stored[6] != '$') return false;
  const int cost = (stored[4] - '0') * 10 + stored[5] - '0';
  return cost >= kLeastCost && cost <= kMostCost;
}

bool matches_bcrypt(const std::string& password, const std::string& stored) {
  auto scratch = std::make_unique<crypt_data>();
  const char* hash = ::crypt_rn(password.c_str(), stored.c_str(), scratch.get(), sizeof(crypt_data));
  return hash != nullptr && crypto::equal(hash, stored);
}

Passwords::Match check_now(const std::string& password, const std::string& stored, const PasswordOptions& options) {
  if (is_bcrypt(stored)) return matches_bcrypt(password, stored) ? Passwords::Match::outdated : Passwords::Match::no;
  if (crypto_pwhash_argon2id_str_verify(stored.c_str(), password.data(), password.size()) != 0)
    return Passwords::Match::no;
  const bool outdated =
      crypto_pwhash_argon2id_str_needs_rehash(stored.c_str(), options.operations, options.memory) != 0;
  return outdated ? Passwords::Match::outdated : Passwords::Match::yes;
}

}  // namespace

Passwords::Passwords(ThreadPool& pool, PasswordOptions options)
    : pool_(pool), options_(options), nobody_(nobodys_hash(options)), permits_(options.at_once, options.max_waiting) {}

bool Passwords::knows(std::string_view stored) {
  if (is_bcrypt(stored)) return true;
  constexpr std::string_view ours = "$argon2id$v=19$m=";
  if (!stored.starts_with(ours) || stored.size() >= crypto_pwhash_argon2id_STRBYTES) return false;
  // libsodium says −1 of what it cannot read. Its memory and passes are bounded by what a second allows.
  unsigned memory = 0, passes = 0;
  const std::string hash(stored);
  if (std::sscanf(hash.c_str() + ours.size(), "%u,t=%u,p=1$", &memory, &passes) != 2) return false;
  if (memory > 1'048'576 || passes > 10) return false;
  return crypto_pwhash_argon2id_str_needs_rehash(hash.c_str(), 2, 8192) >= 0;
}

Task<std::string> Passwords::hash(std::string password) {
  const auto permit = co_await permits_.take();
  co_return co_await run_blocking(
      pool_, [password = std::move(password), options = options_] { return hash_now(password, options); });
}

Task<Passwords::Match> Passwords::check(std::string password, std::optional<std::string> stored) {
  const auto permit = co_await permits_.take();
  const bool known = stored.has_value();
  const auto match =
      co_await run_blocking(pool_, [password = std::move(password), hash = std::move(stored).value_or(nobody_),
                                    options = options_] { return check_now(password, hash, options); });
  co_return known ? match : Match::no;
}

}  // namespace odeon::identity
