#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace aegis::compose {

/// The text of a regular file of at most 16 MiB. Fails with `not_found` when there is none, with
/// `io` when it is something else, too large or not readable.
Result<std::string> read_text_file(const std::filesystem::path& path);

}  // namespace aegis::compose
