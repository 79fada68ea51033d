// Shared libraries that are loaded when they are first needed: linked, they would cost every process memory and time
// at its start, also those that never use them. A table of functions is made of one:
//
//   struct Zip {
//     SharedLibrary library{"libarchive.so.13"};
//     decltype(&::archive_write_new) write_new = library["archive_write_new"];
//   };
#pragma once

#include <string>

namespace odeon {

// Stays loaded until the process ends.
class SharedLibrary {
 public:
  struct Symbol {
    void* address;
    template <class T>
    operator T*() const {
      return reinterpret_cast<T*>(address);
    }
  };

  // By the name that the loader knows: "libavutil.so.57". Throws Error{unavailable} if it is not installed.
  explicit SharedLibrary(std::string name);
  // Of a function or of an object. Throws Error{unavailable} if there is none.
  Symbol operator[](const char* symbol) const;

 private:
  std::string name_;
  void* handle_;
};

}  // namespace odeon
