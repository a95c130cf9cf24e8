#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aegis {

/// The digest of a file of any size, as lower-case hex digits. `algorithm` is "md5", "sha1" or one
/// of the SHA-2 family ("sha256"). An `io` error when the file cannot be read, `rejected` for an
/// algorithm that is not known.
Result<std::string> file_digest(const std::filesystem::path& file, std::string_view algorithm);

}  // namespace aegis
