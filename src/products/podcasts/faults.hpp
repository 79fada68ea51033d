// What this product refuses, in one wording each.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "engine/billing/refusals.hpp"

namespace odeon::podcasts {

// One fault of a field that only a second look tells.
Error fault_at(std::string field, std::string message);

Error no_such_podcast();
Error no_such_episode();
Error no_more_podcasts(const billing::Refusal& refusal);
Error storage_is_full(const billing::Refusal& refusal);
// For who does not ask now.
Error storage_is_full();

// `text` without white space at its ends. Throws fault_at where nothing is left.
std::string words_of(std::string field, std::string_view text);
// Throws fault_at for what is no http or https address of a host.
void check_url(std::string field, std::string_view url);
// Throws fault_at for what is no tag of RFC 5646, as far as feeds use those.
void check_language(std::string field, std::string_view tag);

}  // namespace odeon::podcasts
