// What is written in assets/, as text (cmake/rooms.cmake).
#pragma once

#include <string_view>

namespace odeon::stories_words::embedded {

extern const std::string_view en_txt, es_txt, fr_txt, de_txt, it_txt;  // the words of stories, meta.hpp and lexicon.hpp
extern const std::string_view cast_txt, names_txt, filter_txt, look_txt;

}  // namespace odeon::stories_words::embedded
