#include "server/start_memory.hpp"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace odeon::server {
namespace {

// Code is never written to, so its pages are those of the file; what a loader has written to is not among them.
int let_go_of_code(dl_phdr_info* library, std::size_t, void* page_bytes) {
  const auto page = *static_cast<const std::uintptr_t*>(page_bytes);
  for (int i = 0; i < library->dlpi_phnum; ++i) {
    const auto& part = library->dlpi_phdr[i];
    if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0 || (part.p_flags & PF_W) != 0) continue;
    const std::uintptr_t begin = (library->dlpi_addr + part.p_vaddr) / page * page;
    const std::uintptr_t end = library->dlpi_addr + part.p_vaddr + part.p_filesz;
    static_cast<void>(::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED));
  }
  return 0;
}

}  // namespace

void let_go_of_start() {
  auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  ::dl_iterate_phdr(let_go_of_code, &page);
  ::malloc_trim(0);
}

}  // namespace odeon::server
