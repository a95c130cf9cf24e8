#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aegis {

/// The whole file, or an `io` error that names it and says why.
Result<std::string> read_file(const std::filesystem::path& file);

/// Makes `file` with `text`. An `io` error when there is one of that name, which stays as it is.
Result<Done> write_new_file(const std::filesystem::path& file, std::string_view text);

/// Writes `text` with mode 0600, whole or not at all: into a file beside it that is then renamed.
Result<Done> write_private_file(const std::filesystem::path& file, std::string_view text);

}  // namespace aegis
