#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/diagnostic.h"
#include "base/secret.h"

namespace aegis {

/// How to reach a host over SSH. Empty fields fall back to ~/.ssh/config and then to SSH's
/// defaults.
struct SshConnection {
  std::string host;
  int port = 0;  ///< 0: ~/.ssh/config, then 22
  std::string user;
  std::string host_key;  ///< "SHA256:<base64>" to pin; empty: known_hosts decides
  std::string identity_file;
};

/// How to reach a Proxmox API. Without `url` it is reached through the server's SSH connection, as
/// root, with a ticket that the host itself issues (no stored credential).
struct ProxmoxConnection {
  std::string node;      ///< the node's name in Proxmox
  std::string url;       ///< "https://host:8006"
  std::string token_id;  ///< "user@realm!name", with `token_secret`
  Secret token_secret;
  std::string user;  ///< "root@pam", with `password`
  Secret password;
  std::string ca_file;
  std::string fingerprint;  ///< SHA-256 of the leaf certificate, "AA:BB:..."
};

struct Server {
  std::string name;
  std::optional<SshConnection> ssh;
  ProxmoxConnection proxmox;
  SourceSpan where;

  /// True when operations that Proxmox keeps for root@pam can be done: over SSH or by a root
  /// ticket.
  [[nodiscard]] bool can_act_as_root() const;
};

/// A Docker engine: on this machine, at the end of an SSH connection, on a server, or in a guest.
struct UnixEngine {
  std::string socket_path;
};
struct SshEngine {
  SshConnection ssh;
};
struct ServerEngine {
  std::string server;
};
struct GuestEngine {
  std::string server;
  std::int64_t vmid = 0;
};
using Engine = std::variant<UnixEngine, SshEngine, ServerEngine, GuestEngine>;

/// An HTTP service at a TCP port that need not be open to the outside: it is reached from within.
struct InnerService {
  std::string shell;    ///< of the system that sees the port: "host/fsn1", "guest/fsn1/103"
  std::string address;  ///< host and port, as that system sees them: "127.0.0.1:9093"
};

/// Everything the transport must know to open the doors. Keys are endpoint names.
struct Connections {
  std::map<std::string, Server, std::less<>> servers;  ///< by server name
  std::map<std::string, Engine, std::less<>> engines;  ///< by endpoint name, "docker/..."
  std::map<std::string, InnerService, std::less<>>
      services;  ///< by endpoint name, "alertmanager/..."
  std::map<std::string, std::string, std::less<>>
      sites;  ///< by endpoint name, "relay/...": scheme, host and port of a service of others
};

/// "proxmox/fsn1": the API of a server.
std::string proxmox_endpoint(std::string_view server_name);

/// "host/fsn1": the root shell of a server.
std::string host_shell(std::string_view server_name);

/// "guest/fsn1/103": the root shell of a container, through its server.
std::string guest_shell(std::string_view server_name, std::int64_t vmid);

/// "alertmanager/container/monitor": the Alertmanager on the system that `alerts.on` names.
std::string alertmanager_endpoint(std::string_view system);

/// "docker/..." from what tells an engine apart: two stacks on one engine share the name.
std::string engine_endpoint(const Engine& engine);

}  // namespace aegis
