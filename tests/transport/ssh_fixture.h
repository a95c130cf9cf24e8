#pragma once

#include "support/private_sshd.h"
#include "transport/doors.h"

namespace aegis::test {

/// The manifests' view of one host: server "fsn1" behind `sshd`.
inline Connections connections_to(const PrivateSshd& sshd) {
  Server server;
  server.name = "fsn1";
  server.ssh = sshd.connection();
  Connections connections;
  connections.servers.emplace("fsn1", server);
  return connections;
}

/// Options that read no file of the user who runs the test.
inline transport::TransportOptions isolated_options() {
  transport::TransportOptions options;
  options.ssh_config_file = "none";
  options.use_ssh_agent = false;
  return options;
}

/// A command on that host.
inline ShellCommand on_host(std::vector<std::string> words, std::string input = "") {
  ShellCommand command;
  command.host = "host/fsn1";
  command.words = std::move(words);
  command.input = std::move(input);
  return command;
}

}  // namespace aegis::test
