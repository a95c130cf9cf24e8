#include "model/endpoint.h"

#include <fmt/format.h>

namespace aegis {
namespace {

struct EngineName {
  std::string operator()(const UnixEngine& engine) const {
    return fmt::format("docker/unix:{}", engine.socket_path);
  }
  std::string operator()(const SshEngine& engine) const {
    return fmt::format("docker/ssh:{}@{}:{}", engine.ssh.user, engine.ssh.host, engine.ssh.port);
  }
  std::string operator()(const ServerEngine& engine) const {
    return fmt::format("docker/server:{}", engine.server);
  }
  std::string operator()(const GuestEngine& engine) const {
    return fmt::format("docker/guest:{}/{}", engine.server, engine.vmid);
  }
};

}  // namespace

bool Server::can_act_as_root() const {
  return ssh.has_value() || (proxmox.user == "root@pam" && !proxmox.password.empty());
}

std::string proxmox_endpoint(std::string_view server_name) {
  return fmt::format("proxmox/{}", server_name);
}

std::string host_shell(std::string_view server_name) {
  return fmt::format("host/{}", server_name);
}

std::string guest_shell(std::string_view server_name, std::int64_t vmid) {
  return fmt::format("guest/{}/{}", server_name, vmid);
}

std::string alertmanager_endpoint(std::string_view system) {
  return fmt::format("alertmanager/{}", system);
}

std::string engine_endpoint(const Engine& engine) {
  return std::visit(EngineName{}, engine);
}

}  // namespace aegis
