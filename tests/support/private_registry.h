#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "support/private_dockerd.h"

namespace aegis::test {

/// A real image registry that asks for a login, in the network namespace of `engine`, on
/// 127.0.0.1:5000. Needs Debian's docker-registry and apache2-utils. Started by the constructor,
/// which throws std::runtime_error when it does not come up; stopped by the destructor.
class PrivateRegistry {
 public:
  PrivateRegistry(const PrivateDockerd& engine,
                  const std::string& user,
                  const std::string& password);
  PrivateRegistry(const PrivateRegistry&) = delete;
  PrivateRegistry& operator=(const PrivateRegistry&) = delete;
  ~PrivateRegistry();

  /// Gives the engine's `image` the registry's name `name` ("app:1"), and pushes it.
  void push(const std::string& image, const std::string& name) const;

  /// "127.0.0.1:5000".
  [[nodiscard]] static std::string host() { return "127.0.0.1:5000"; }

 private:
  void docker(const std::string& commands) const;

  const PrivateDockerd& engine_;
  std::filesystem::path folder_;
  pid_t pid_ = -1;
};

}  // namespace aegis::test
