# A room is a folder of src/ and a library of its own that links only what it may see.
#
#   odeon_room(jobs FLOOR database LIBRARIES PkgConfig::sqlite3)
#
# compiles *.cpp into odeon_jobs, *_test.cpp into jobs_test, and turns every *.sql and every file
# under assets/ into a string_view that embedded.hpp of that room declares. FOLDERS are those of its subjects, in a large
# room. POSTGRES names the tests (as --gtest_filter does) to run once more on a PostgreSQL server; those of the name
# *Postgres* need one. MEMORY names those about how much memory is needed, which under AddressSanitizer run by themselves
# since it must keep nothing that is freed.
#
# LIGHT rooms have little to compute: a debug build compiles them as written, too, in a third of the time.
#
# A room's sources are compiled in batches of eight, and its tests likewise, which share what they include: so what stands
# in anonymous namespaces has names that are unique among the room's sources, or among its tests (scripts/names). APART
# names the sources that are compiled each by itself, since they are alike on purpose.
option(ODEON_BATCHES "compile several sources at once" ON)

function(odeon_embed room out)
  file(GLOB assets CONFIGURE_DEPENDS *.sql assets/*)
  if(NOT assets)
    set(${out} "" PARENT_SCOPE)
    return()
  endif()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${room}_embedded.cpp)
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_SOURCE_DIR}/scripts/embed ${room} ${source} ${assets}
    DEPENDS ${assets} ${CMAKE_SOURCE_DIR}/scripts/embed VERBATIM)
  set(${out} ${source} PARENT_SCOPE)
endfunction()

# Optimising tests takes longer than they run: code that only tests use is compiled as written.
function(odeon_compile_quickly target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0>)
endfunction()

# What LIGHT rooms of a debug build share; the others share what base has precompiled.
function(odeon_precompile_light)
  file(CONFIGURE OUTPUT light.cpp CONTENT "")
  add_library(odeon_light STATIC ${CMAKE_CURRENT_BINARY_DIR}/light.cpp)
  target_link_libraries(odeon_light odeon_base)
  set_target_properties(odeon_light PROPERTIES OPTIMIZE_DEPENDENCIES ON)  # of base it needs no more than its headers
  target_precompile_headers(odeon_light PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/precompiled.hpp)
  odeon_compile_quickly(odeon_light)
endfunction()

function(odeon_room room)
  cmake_parse_arguments(arg "LIGHT" "MEMORY;POSTGRES" "APART;FLOOR;FOLDERS;LIBRARIES;TESTS" ${ARGN})
  set(patterns *.cpp)
  foreach(folder ${arg_FOLDERS})
    list(APPEND patterns ${folder}/*.cpp)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(REMOVE_ITEM sources ${tests} ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp)
  odeon_embed(${room} embedded)
  add_library(odeon_${room} STATIC ${sources} ${embedded})
  set_target_properties(odeon_${room} PROPERTIES UNITY_BUILD ${ODEON_BATCHES} UNITY_BUILD_BATCH_SIZE 8)
  if(arg_APART)
    file(GLOB apart CONFIGURE_DEPENDS ${arg_APART})
    list(FILTER apart EXCLUDE REGEX "_test\\.cpp$")
    set_source_files_properties(${apart} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
  target_include_directories(odeon_${room} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM arg_FLOOR PREPEND odeon_)
  target_link_libraries(odeon_${room} PUBLIC ${arg_FLOOR} ${arg_LIBRARIES})
  if(room MATCHES "^(base|testing)$")
    target_precompile_headers(odeon_${room} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/precompiled.hpp)
  elseif(arg_LIGHT AND CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_precompile_headers(odeon_${room} REUSE_FROM odeon_light)
    odeon_compile_quickly(odeon_${room})
  else()
    target_precompile_headers(odeon_${room} REUSE_FROM odeon_base)
  endif()
  if(tests)
    list(TRANSFORM arg_TESTS PREPEND odeon_)
    add_executable(${room}_test ${tests})
    set_target_properties(${room}_test PROPERTIES UNITY_BUILD ${ODEON_BATCHES} UNITY_BUILD_BATCH_SIZE 8)
    target_precompile_headers(${room}_test REUSE_FROM odeon_testing)
    odeon_compile_quickly(${room}_test)
    target_link_libraries(${room}_test odeon_${room} odeon_testing ${arg_TESTS}
      GTest::gtest GTest::gmock GTest::gtest_main ${RAPIDCHECK})
    target_compile_definitions(${room}_test PRIVATE ODEON_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    # A process each would mean keys, hashes and schemas made anew for every test: they share four.
    # They tell of failures only, so that whoever reads a long log of CI sees them.
    foreach(shard RANGE 3)
      add_test(NAME ${room}.${shard} COMMAND ${room}_test --gtest_filter=-*Postgres*)
      set_tests_properties(${room}.${shard} PROPERTIES TIMEOUT 900
        ENVIRONMENT "GTEST_TOTAL_SHARDS=4;GTEST_SHARD_INDEX=${shard};GTEST_BRIEF=1")
    endforeach()
    if(arg_MEMORY AND ODEON_SANITIZE MATCHES "address")
      add_test(NAME ${room}.memory COMMAND ${room}_test --gtest_filter=${arg_MEMORY})
      set_tests_properties(${room}.memory PROPERTIES TIMEOUT 900
        ENVIRONMENT "ASAN_OPTIONS=quarantine_size_mb=0;GTEST_BRIEF=1")
    endif()
    # Those that need a PostgreSQL server share one, so they run in one process.
    if(arg_POSTGRES)
      add_test(NAME ${room}.Postgres COMMAND ${room}_test --gtest_filter=${arg_POSTGRES})
      set_tests_properties(${room}.Postgres PROPERTIES TIMEOUT 900
        ENVIRONMENT "ODEON_TEST_DATABASE=postgresql;GTEST_BRIEF=1")
    endif()
  endif()
endfunction()
