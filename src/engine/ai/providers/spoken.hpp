// Text as it is said: "$4.99" → "four dollars and ninety nine cents". For English, figures, dates,
// tickers and abbreviations become words, so that a voice has nothing left to guess; every figure of the
// text is said and none is added. For other languages the voice knows better: only spaces are tidied.
#pragma once

#include <string>
#include <string_view>

namespace odeon::ai {

// Pure. `text` is UTF-8, `language` BCP 47; the result for English is ASCII.
std::string spoken(std::string_view text, std::string_view language);

}  // namespace odeon::ai
