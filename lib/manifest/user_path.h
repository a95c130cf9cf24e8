#pragma once

#include <filesystem>
#include <string>

namespace aegis {

/// The file that a user means by `file`: "~/" is the home folder (`home`), a relative
/// path is below the project's `folder`.
std::filesystem::path user_path(const std::filesystem::path& folder,
                                const std::string& home,
                                const std::string& file);

}  // namespace aegis
