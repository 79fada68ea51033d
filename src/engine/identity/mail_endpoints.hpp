// Proving by mail that an address is one's own, and setting a new password: the same in every product. A mail's link
// leads to a page of the product, /auth/confirm, which asks for a press of its button; a code is typed where
// the person signed up.
#pragma once

#include "base/fields.hpp"
#include "engine/http/router.hpp"
#include "engine/identity/door.hpp"

namespace odeon::identity {

struct MailAddress {
  Text<1, 320> email;
};
BOOST_DESCRIBE_STRUCT(MailAddress, (), (email))

// By the token of a link, or by the code of a mail to `email`.
struct ProveMail {
  Text<0, 100> token;
  Text<0, 320> email;
  Text<0, 20> code;
};
BOOST_DESCRIBE_STRUCT(ProveMail, (), (token, email, code))

struct NewPassword {
  Text<0, 100> token;
  Text<0, 320> email;
  Text<0, 20> code;
  Text<1, 512> password;
};
BOOST_DESCRIBE_STRUCT(NewPassword, (), (token, email, code, password))

struct Done {
  bool success = true;
};
BOOST_DESCRIBE_STRUCT(Done, (), (success))

class MailEndpoints {
 public:
  explicit MailEndpoints(Door& door) : door_(door) {}

  // Answers alike whether or not there is such a person.
  Task<Done> forgot(MailAddress request);
  Task<Done> resend(MailAddress request);
  Task<Done> verify(ProveMail request);
  Task<Done> reset(NewPassword request);
  Task<http::Content> page();
  Task<http::Content> style();
  Task<http::Content> script();

  // The pages that links lead to.
  void mount_pages(http::Api& api);
  // These, and the four requests at /api/auth.
  void mount(http::Api& api);

 private:
  Door& door_;
};

}  // namespace odeon::identity
