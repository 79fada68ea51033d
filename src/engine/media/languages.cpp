// ISO 639-1 codes and what ISO 639-2 (terminological) calls them.
#include "base/text.hpp"
#include "engine/media/id3.hpp"

namespace odeon::media {
namespace {

constexpr std::string_view known =
    "af afr am amh ar ara az aze be bel bg bul bn ben bs bos ca cat cs ces cy cym da dan de deu el ell "
    "en eng eo epo es spa et est eu eus fa fas fi fin fr fra ga gle gl glg gu guj ha hau he heb hi hin "
    "hr hrv hu hun hy hye id ind ig ibo is isl it ita ja jpn ka kat kk kaz km khm kn kan ko kor ku kur "
    "ky kir la lat lb ltz lo lao lt lit lv lav mk mkd ml mal mn mon mr mar ms msa mt mlt my mya nb nob "
    "ne nep nl nld nn nno no nor pa pan pl pol ps pus pt por ro ron ru rus si sin sk slk sl slv so som "
    "sq sqi sr srp sv swe sw swa ta tam te tel tg tgk th tha tk tuk tl tgl tr tur uk ukr ur urd uz uzb "
    "vi vie xh xho yo yor zh zho zu zul ";

}  // namespace

std::string iso639_2(std::string_view bcp47) {
  const std::string primary = text::to_lower(bcp47.substr(0, bcp47.find('-')));
  if (!std::ranges::all_of(primary, [](char c) { return c >= 'a' && c <= 'z'; })) return "und";
  if (primary.size() == 3) return primary;
  if (primary.size() != 2) return "und";
  for (std::size_t at = 0; at < known.size(); at += 7)
    if (known.substr(at, 2) == primary) return std::string(known.substr(at + 3, 3));
  return "und";
}

}  // namespace odeon::media
