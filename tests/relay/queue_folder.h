#pragma once

#include <stdlib.h>

#include <filesystem>

namespace aegis::relay {

/// A folder that goes away with all in it.
class QueueFolder {
 public:
  QueueFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "relay.XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~QueueFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  QueueFolder(const QueueFolder&) = delete;
  QueueFolder& operator=(const QueueFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace aegis::relay
