// An open file that closes itself, and what a failed call of the kernel becomes.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.hpp"

namespace odeon::storage {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

// From errno. A full, read-only or dead disk looks the same to clients: it may pass.
[[noreturn]] inline void fail(const std::string& what, int reason = errno) {
  throw Error(Fault::unavailable, "STORAGE_UNAVAILABLE", "Files cannot be read or written at the moment.")
      .with_retry_after(std::chrono::seconds(5))
      .with_detail(what + ": " + std::generic_category().message(reason));
}

inline void must(bool succeeded, const char* what) {
  if (!succeeded) fail(what);
}

}  // namespace odeon::storage
