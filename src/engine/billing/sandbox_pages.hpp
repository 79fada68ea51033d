// The pages of the sandbox: one to pay or decline, one to change and cancel. Whoever knows the address may: there
// is no money in it.
#pragma once

#include <memory>

#include "engine/billing/sandbox.hpp"
#include "engine/http/endpoint.hpp"
#include "engine/http/router.hpp"

namespace odeon::billing {

struct CheckoutPage {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(CheckoutPage, (), (id))
struct PortalPage {
  std::string customer;
};
BOOST_DESCRIBE_STRUCT(PortalPage, (), (customer))
struct PortalAct {
  std::string customer;
  std::string contract;
  Sandbox::Act act = Sandbox::Act::cancel;
};
BOOST_DESCRIBE_STRUCT(PortalAct, (), (customer, contract, act))
struct PortalChange {
  std::string customer;
  std::string contract;
  std::string plan;
  Cycle cycle = Cycle::monthly;
};
BOOST_DESCRIBE_STRUCT(PortalChange, (), (customer, contract, plan, cycle))

class SandboxPages {
 public:
  explicit SandboxPages(Sandbox& sandbox) : sandbox_(sandbox) {}

  // Stands beside the products; this outlives it.
  std::unique_ptr<http::Api> api();

  Task<http::Content> style();
  Task<http::Content> checkout(CheckoutPage page);
  Task<http::SeeOther> pay(CheckoutPage page);
  Task<http::SeeOther> decline(CheckoutPage page);
  Task<http::Content> portal(PortalPage page);
  Task<http::SeeOther> act(PortalAct page);
  Task<http::SeeOther> change(PortalChange page);

 private:
  Sandbox& sandbox_;
};

}  // namespace odeon::billing
