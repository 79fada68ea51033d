// Files of this folder that are part of the program.
#pragma once

#include <string_view>

namespace odeon::identity::embedded {

extern const std::string_view schema_sql, proofs_sql, sessions_sql, oauth_sql, verify_html, verify_css, verify_js,
    confirm_html, confirm_js;

}  // namespace odeon::identity::embedded
