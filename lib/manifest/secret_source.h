#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aegis {

/// A whole file without one line end at its end; "~/" is the home folder, a relative path is below
/// `folder`. `io` when it cannot be read, is no ordinary file, or has more than 1 MiB.
Result<std::string> read_value_file(const std::filesystem::path& folder,
                                    const std::string& file,
                                    const std::string& home);

/// What a program prints, without one line end at its end. Started directly, no shell; `input` (at
/// most 64 KiB) is its standard input. `io` when it cannot be started, `timed_out` when it has not
/// ended after `patience` (it is killed then), `rejected` when it ends with another status than 0
/// or prints more than 1 MiB. No message holds what it printed.
Result<std::string> read_command_output(const std::vector<std::string>& words,
                                        std::chrono::milliseconds patience,
                                        std::string_view input = "");

}  // namespace aegis
