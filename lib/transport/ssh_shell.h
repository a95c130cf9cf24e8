#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "effects/shell.h"
#include "model/endpoint.h"
#include "transport/log.h"
#include "transport/ssh_hosts.h"

namespace aegis::transport {

/// RemoteShell over SSH: programs on "host/SERVER", and in "guest/SERVER/VMID" by way of `pct exec`
/// on that server.
class SshShell final : public RemoteShell {
 public:
  SshShell(const Connections& connections, SshHosts& hosts, const Log& log)
      : connections_(connections), hosts_(hosts), log_(log) {}

  Result<ShellOutput> run(const ShellCommand& command) override;

 private:
  Result<ShellOutput> execute(const SshConnection& connection,
                              bool is_new,
                              const std::string& line,
                              const ShellCommand& command);

  const Connections& connections_;
  SshHosts& hosts_;
  const Log& log_;
};

/// Where a shell's programs run: the server whose SSH connection leads there, and the words that
/// stand before a program's own.
struct ShellPlace {
  std::string server;
  std::vector<std::string> prefix;
  bool is_new = false;  ///< over a connection of its own
};

/// The place of "host/SERVER", "host/SERVER/new" or "guest/SERVER/VMID"; a `rejected` error for
/// another name.
Result<ShellPlace> place_of(const std::string& shell);

/// The SSH connection of a server of the manifests, or a `rejected` error that says what is
/// missing.
Result<SshConnection> ssh_of(const Connections& connections, std::string_view server_name);

}  // namespace aegis::transport
