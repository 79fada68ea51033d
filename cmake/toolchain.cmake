# How everything is compiled and linked: one place, for every room.
option(ODEON_BENCH "build the benchmarks" OFF)
set(ODEON_SANITIZE "" CACHE STRING "sanitizers, as -fsanitize= takes them")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_SOURCE_DIR}/scripts/compile ${CMAKE_SOURCE_DIR})
endif()

add_compile_options(-Wall -Wextra -Werror -Wno-missing-field-initializers
  -fno-omit-frame-pointer -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -Xclang -fno-pch-timestamp)
# Asio's frames come from operator new, which is quicker here than its own caches and aligned_alloc, and each from a
# block of its size: a cached block of another frame may be many times that, for as long as a stream is open.
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_VISIBILITY
  BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC BOOST_ASIO_DISABLE_BOOST_ALIGN BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=0)
add_link_options(-fuse-ld=mold)
if(ODEON_SANITIZE)
  add_compile_options(-fsanitize=${ODEON_SANITIZE} -fno-sanitize-recover=all -fno-sanitize=function)
  add_link_options(-fsanitize=${ODEON_SANITIZE})
endif()
