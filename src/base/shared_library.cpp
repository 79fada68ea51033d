#include "base/shared_library.hpp"

#include <dlfcn.h>

#include "base/error.hpp"

namespace odeon {
namespace {

Error missing(std::string detail) {
  return Error(Fault::unavailable, "LIBRARY_MISSING", "This server lacks a part that is needed for this.")
      .with_detail(std::move(detail));
}

}  // namespace

SharedLibrary::SharedLibrary(std::string name)
    : name_(std::move(name)), handle_(::dlopen(name_.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (!handle_) throw missing(name_ + " could not be loaded: " + ::dlerror());
}

SharedLibrary::Symbol SharedLibrary::operator[](const char* symbol) const {
  void* address = ::dlsym(handle_, symbol);
  if (!address) throw missing(name_ + " has no " + symbol);
  return {address};
}

}  // namespace odeon
