#include "engine/media/storybook/settings.hpp"

namespace odeon::storybook {

Backdrop backdrop_of(Setting setting) {
  switch (setting) {
    case Setting::meadow:
    case Setting::mountains:
    case Setting::farm:
    case Setting::garden:
    case Setting::desert:
    case Setting::snowfield:
      return open_country(setting);
    case Setting::forest:
    case Setting::jungle:
    case Setting::cave:
      return woods(setting);
    case Setting::beach:
    case Setting::sea:
    case Setting::underwater:
    case Setting::lake:
      return waters(setting);
    case Setting::space:
    case Setting::clouds:
      return skies(setting);
    case Setting::castle:
    case Setting::city:
    case Setting::village:
    case Setting::market:
    case Setting::playground:
      return towns(setting);
    case Setting::bedroom:
    case Setting::school:
    case Setting::kitchen:
    case Setting::library:
      return rooms(setting);
  }
  return open_country(Setting::meadow);
}

}  // namespace odeon::storybook
