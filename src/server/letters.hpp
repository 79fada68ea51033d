// What the house writes to people about their accounts.
#pragma once

#include <string>

#include "engine/billing/allowances.hpp"
#include "engine/identity/proofs.hpp"
#include "engine/notify/mail.hpp"
#include "engine/privacy/erasure.hpp"
#include "engine/privacy/monthly_exports.hpp"

namespace odeon::server {

// The mail with the code and the link, which leads to a page of its product below `base_url`
// ("https://example.com").
notify::MailOrder mail_of(identity::ProofLetter letter, const std::string& base_url);

// The mail that tells of a limit that is near or reached. `to` is the person's address.
notify::MailOrder mail_of(billing::UsageWarning warning, const billing::ProductPlans& plans, std::string to,
                          const std::string& base_url);

// The mail with the address of a copy of what is kept of somebody.
notify::MailOrder mail_of(privacy::ExportOffer offer, std::string to, const std::string& base_url);

// The mail that tells that somebody was erased.
notify::MailOrder mail_of(const privacy::Receipt& receipt, std::string to);

}  // namespace odeon::server
