#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/tar.h"

namespace aegis {

/// What an image is built from: the files, folders and links below `folder`, sorted by path,
/// without what its .dockerignore leaves out; the Dockerfile (`dockerfile`, relative to the folder)
/// and .dockerignore are always in it. Owners and times are left out, so that equal files are an
/// equal context wherever they were checked out. `io` when something cannot be read, or all of it
/// has more than 1 GiB.
Result<std::vector<TarEntry>> read_build_context(const std::filesystem::path& folder,
                                                 std::string_view dockerfile);

/// SHA-256 over all of a context.
std::string context_digest(const std::vector<TarEntry>& context);

}  // namespace aegis
