// Kinds of sound as senders call them. What it really is, its content tells whoever decodes it.
#pragma once

#include <string>
#include <string_view>

namespace odeon::podcasts {

// "audio/webm" of "audio/webm;codecs=opus". Throws fault_at for what is neither sound nor film.
std::string media_type_of(std::string field, std::string_view written);
// Of a file whose sender may not have known: as above, but anything else is application/octet-stream.
std::string loose_media_type(std::string_view written);
// ".webm", or nothing for what is not known.
std::string_view extension_of(std::string_view media_type);

}  // namespace odeon::podcasts
