#pragma once

#include <filesystem>
#include <string>

namespace aegis::test {

/// A self-signed certificate with its key, as one PEM text each.
struct TestCertificate {
  std::string certificate;
  std::string key;
  std::string fingerprint;  ///< SHA-256, "AA:BB:..."
};

/// For `name`, an "IP:..." or a "DNS:...".
TestCertificate make_certificate(const std::string& name);

/// A folder that is removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Writes a file into it; its path.
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

}  // namespace aegis::test
