#include "engine/ai/providers/aws_credentials.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "engine/http/client_target.hpp"
#include "engine/http/target.hpp"

namespace odeon::ai {
namespace {

// The date is the signature's own.
bool is_signed(std::string_view name) {
  return name == "content-type" || (name.starts_with("x-amz-") && name != "x-amz-date");
}

}  // namespace

AwsCredentials::AwsCredentials(AwsKeys keys, const Clock& clock)
    : signer_(std::move(keys.access_key), std::move(keys.secret_key), std::move(keys.region), "bedrock"),
      session_token_(std::move(keys.session_token)),
      clock_(clock) {}

Task<void> AwsCredentials::add_to(http::ClientRequest& request) {
  // The very parts that the client will send.
  const auto target = http::client::parse_target(request.url);
  const std::size_t mark = std::min(target.path.find('?'), target.path.size());
  aws::Signable what{.method = http::name_of(request.method),
                     .path = aws::canonical_path(std::string_view(target.path).substr(0, mark))};
  if (mark < target.path.size()) {
    auto query = http::parse_query(std::string_view(target.path).substr(mark + 1));
    if (!query) throw Error(Fault::invalid, "INVALID_URL", "The address of the AI provider is not a URL.");
    what.query = std::move(*query);
  }
  if (!session_token_.empty()) request.headers.set("x-amz-security-token", session_token_);
  const std::string hash = crypto::sha256_hex(request.body);
  request.headers.set("x-amz-content-sha256", hash);
  what.headers.emplace_back("host", target.authority);
  for (const auto& [name, value] : request.headers)
    if (auto lower = text::to_lower(name); is_signed(lower)) what.headers.emplace_back(std::move(lower), value);
  for (auto& [name, value] : signer_.sign(std::move(what), hash, clock_.now()))
    request.headers.set(std::move(name), std::move(value));
  co_return;
}

}  // namespace odeon::ai
