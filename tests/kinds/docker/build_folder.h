#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/build_context.h"
#include "base/digest.h"
#include "base/json.h"

namespace aegis::docker {

/// A folder to build from; gone with the object.
class BuildFolder {
 public:
  BuildFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "aegis-build-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~BuildFolder() { std::filesystem::remove_all(path_); }
  BuildFolder(const BuildFolder&) = delete;
  BuildFolder& operator=(const BuildFolder&) = delete;

  BuildFolder& write(const std::string& file, const std::string& text) {
    std::ofstream(path_ / file) << text;
    return *this;
  }

  /// A service's `build` as the loader gives it.
  [[nodiscard]] Json build(Json more = Json::object()) const {
    more["dockerfile"] = "Dockerfile";
    more["context_digest"] = context_digest(*read_build_context(path_, "Dockerfile"));
    more["digest"] = sha256_hex(dump_json(more));
    more["context"] = path_.string();
    return more;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace aegis::docker
