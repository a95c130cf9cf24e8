#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aegis::os {

/// The keys in the text of an authorized_keys file: all of them when the file is ours as a whole,
/// else those between the two comment lines that mark our part.
std::vector<std::string> keys_in(std::string_view text, bool whole);

/// The text with `keys` in place of ours: nothing else when the file is ours as a whole, else what
/// others wrote, as they wrote it, and then our part.
std::string with_keys(std::string_view text, const std::vector<std::string>& keys, bool whole);

}  // namespace aegis::os
