#pragma once

#include <filesystem>
#include <string>

#include "effects/secret_sink.h"

namespace aegis::transport {

/// Secrets as files below a project's folder, with mode 0600. Folders that are made for them have
/// mode 0700. Errors are `io` and name the file.
class SecretFiles : public SecretSink {
 public:
  /// `home` stands for "~" in file names.
  SecretFiles(std::filesystem::path folder, std::filesystem::path home)
      : folder_(std::move(folder)), home_(std::move(home)) {}

  Result<Done> check(const std::string& file) override;
  Result<Done> keep(const std::string& file, const Secret& secret) override;

 private:
  [[nodiscard]] std::filesystem::path place_of(const std::string& file) const;

  std::filesystem::path folder_;
  std::filesystem::path home_;
};

}  // namespace aegis::transport
