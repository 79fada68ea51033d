#include "engine/identity/passwords.hpp"

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

Passwords::Match check_now(const std::string& password, const std::string& stored, const PasswordOptions& options) {
  if (crypto_pwhash_argon2id_str_verify(stored.c_str(), password.data(), password.size()) != 0)
    return Passwords::Match::no;
  const bool outdated =
      crypto_pwhash_argon2id_str_needs_rehash(stored.c_str(), options.operations, options.memory) != 0;
  return outdated ? Passwords::Match::outdated : Passwords::Match::yes;
}

}  // namespace

Passwords::Passwords(ThreadPool& pool, PasswordOptions options)
    : pool_(pool), options_(options), nobody_(nobodys_hash(options)), permits_(options.at_once, options.max_waiting) {}

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
