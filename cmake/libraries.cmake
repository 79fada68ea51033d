# Every outside library, found once. All are Debian packages (scripts/setup).
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(fmt REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(GTest REQUIRED)
find_package(CLI11 REQUIRED)
find_package(date REQUIRED)
find_package(PkgConfig REQUIRED)
foreach(library sqlite3 libpq hiredis libcurl libsodium pugixml libcmark libutf8proc libarchive libebur128 libavcodec libavformat libavutil libavfilter libswresample
    cairo pangocairo libpng libturbojpeg libwebp libwebpmux libdeflate lcms2)
  pkg_check_modules(${library} REQUIRED IMPORTED_TARGET ${library})
endforeach()
find_library(PROMETHEUS_CORE prometheus-cpp-core REQUIRED)
find_library(flite_LIBRARY flite REQUIRED)
# Only for its headers: it is loaded when it is needed (ai/providers/sphinx_decoder.cpp).
find_path(pocketsphinx_HEADERS pocketsphinx_export.h PATH_SUFFIXES pocketsphinx REQUIRED)
find_library(RAPIDCHECK rapidcheck REQUIRED)
