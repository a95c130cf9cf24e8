#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace aegis {

/// A whole file without one line end at its end; "~/" is the home folder, a relative path is below
/// `folder`. `io` when it cannot be read.
Result<std::string> read_value_file(const std::filesystem::path& folder,
                                    const std::string& file,
                                    const std::string& home);

/// What a program prints, without one line end at its end. Started directly, no shell. `io` when it
/// cannot be started, `timed_out` after 30 s, `rejected` when it ends with another status than 0.
Result<std::string> read_command_output(const std::vector<std::string>& words);

}  // namespace aegis
