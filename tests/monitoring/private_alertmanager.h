#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/json.h"
#include "base/vault.h"
#include "manifest/project_folder.h"
#include "monitoring/process.h"

namespace aegis::test {

/// A webhook receiver on loopback that keeps its requests until they are asked for.
class Receiver {
 public:
  Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver();

  [[nodiscard]] std::string url() const;

  /// The next request, its head and body, which is answered by `status`; empty when none comes in
  /// time.
  [[nodiscard]] std::string next(const std::string& status = "200 OK") const;

 private:
  int fd_ = -1;
  int port_ = 0;
};

/// A real Alertmanager on loopback, with the configuration of a section `alerts`. It does not wait
/// for more of a group.
class PrivateAlertmanager {
 public:
  /// `alerts` with its secrets as seals of `vault`. Fails the test when it does not come up.
  PrivateAlertmanager(const Json& alerts, const Vault& vault);

  /// Host and port.
  [[nodiscard]] const std::string& address() const { return listen_; }

  /// Hands over an alert as Prometheus does.
  void post(const Json& labels, const std::string& summary);

  /// Whether it is ready, within half a minute.
  [[nodiscard]] bool answers() const;

 private:
  ProjectFolder folder_;
  std::string listen_;
  std::optional<Process> process_;
};

}  // namespace aegis::test
