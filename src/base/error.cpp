#include "base/error.hpp"

namespace odeon {

std::string describe(std::exception_ptr failure) {
  if (!failure) return "no failure";
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.detail.empty() ? error.code + ": " + error.message : error.code + ": " + error.detail;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "something that is not an exception";
  }
}

}  // namespace odeon
