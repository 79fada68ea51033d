// Keys of AWS: what they prove is a signature over the whole request (base/aws_signature.hpp).
#pragma once

#include <memory>
#include <string>

#include "base/aws_signature.hpp"
#include "engine/ai/providers/credentials.hpp"

namespace odeon::ai {

struct AwsKeys {
  std::string access_key, secret_key;
  std::string session_token;  // of keys that are lent; empty: none
  std::string region;         // "us-east-1": that of the address
};

// Signs for Bedrock at the clock's time, which outlives it; AWS takes a difference of five minutes. Header fields that
// are on the request already are signed where that can do no harm on the way: Content-Type and those of AWS.
class AwsCredentials final : public Credentials {
 public:
  AwsCredentials(AwsKeys keys, const Clock& clock);
  // Throws Error{invalid} for an address that is none.
  Task<void> add_to(http::ClientRequest& request) override;

 private:
  aws::Signer signer_;
  std::string session_token_;
  const Clock& clock_;
};

}  // namespace odeon::ai
