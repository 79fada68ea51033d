// The keys of the embedded parts: DATA/keyring, one "id:base64" a line, the one that seals first; readable by its
// owner alone. It is only ever replaced as a whole, so whoever reads it sees all or nothing of a change.
#pragma once

#include <string>
#include <vector>

#include "base/keyring.hpp"

namespace odeon::server {

// Throws Error{invalid} for a file that is not there, cannot be read, is open to others, or holds what are no keys.
std::vector<SealingKey> read_keyring(const std::string& path);
// The same, after a key was made if there is no file: by whichever process is first, the others take what it wrote.
std::vector<SealingKey> make_or_read_keyring(const std::string& path, const Clock& clock);
// For a KeyRing: reads the file again when it was replaced. One that is gone or broken is no news.
KeyRing::News news_of_keyring(std::string path, std::vector<SealingKey> known);

// These wait for nobody: Error{conflict} while another process changes the file.
void add_to_keyring(const std::string& path, SealingKey first);
void drop_from_keyring(const std::string& path, const std::vector<std::string>& ids);
// A new file, for a backup.
void write_keyring(const std::string& path, const std::vector<SealingKey>& keys);

}  // namespace odeon::server
