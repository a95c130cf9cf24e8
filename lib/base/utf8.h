#pragma once

#include <cstddef>
#include <string_view>

namespace aegis {

/// Bytes of the UTF-8 sequence that starts `text`, or 0 when it is not one (RFC 3629: no overlong
/// forms, no surrogates, nothing above U+10FFFF).
std::size_t utf8_length(std::string_view text);

/// True when all of it is UTF-8 without a NUL: what can be shown, and be a string in JSON.
bool is_text(std::string_view bytes);

}  // namespace aegis
