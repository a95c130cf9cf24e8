#include "manifest/user_path.h"

namespace aegis {

std::filesystem::path user_path(const std::filesystem::path& folder,
                                const std::string& home,
                                const std::string& file) {
  if (file.starts_with("~/")) {
    return std::filesystem::path(home) / file.substr(2);
  }
  return folder / file;
}

}  // namespace aegis
