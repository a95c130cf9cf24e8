#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aegis {

/// One thing in a tar archive.
struct TarEntry {
  enum class Type { file, folder, link };

  std::string path;  ///< relative, without "./" before it
  Type type = Type::file;
  std::string content;   ///< of a file; of a symbolic link: where it points
  unsigned mode = 0644;  ///< permissions
  std::int64_t uid = 0;
  std::int64_t gid = 0;
};

/// An archive of `entries` in their order. Equal entries give equal bytes: all times are 1970.
std::string write_tar(std::span<const TarEntry> entries);

/// The files, folders and symbolic links in an archive; other things are left out. `rejected` when
/// it is broken.
Result<std::vector<TarEntry>> read_tar(std::string_view archive);

}  // namespace aegis
