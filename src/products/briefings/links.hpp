// Addresses in feeds: made absolute, freed of what tracks readers, compared, and shown.
#pragma once

#include <string>
#include <string_view>

namespace odeon::briefings {

// The http or https address that `reference` means in a document at `base` (RFC 3986), without
// tracking parameters and credentials; empty if it means none.
std::string absolute_link(std::string_view base, std::string_view reference);

// A form that is equal for addresses of one page: no scheme, no "www.", no query order, no fragment.
std::string canonical_link(std::string_view address);

bool is_web_address(std::string_view source);
// How a source may be shown: an address without credentials, query and fragment; of a file, its name.
std::string shown_address(std::string_view source);
// The host of an address or the name of a file without its extension: stands in for a missing title.
std::string short_name(std::string_view source);

}  // namespace odeon::briefings
