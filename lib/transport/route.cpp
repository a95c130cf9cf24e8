#include "transport/route.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/shell_words.h"
#include "base/text.h"
#include "transport/ssh_shell.h"

namespace aegis::transport {
namespace {

constexpr int k_connections_by_program = 4;
constexpr std::string_view k_dial = "docker system dial-stdio";
constexpr const char* k_docker = "docker";
constexpr const char* k_localhost = "localhost";

// Connects what comes and goes with a TCP port, until either side ends.
constexpr const char* k_relay =
    "exec 3<>\"/dev/tcp/$1/$2\" 4<&0 || exit 1; cat <&3 & cat <&4 >&3 & wait -n; "
    "kill $(jobs -p) 2> /dev/null";

// A certificate of the administrator's takes the place of the cluster's own, as in pveproxy.
constexpr std::string_view k_certificate_script =
    "cat /etc/pve/local/pveproxy-ssl.pem 2>/dev/null || cat /etc/pve/local/pve-ssl.pem";

// "[::1]:9093" is port 9093 of ::1.
ForwardTarget target_of(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  ForwardTarget target{std::string(address.substr(0, colon)), 0};
  if (target.host.starts_with('[')) target.host = target.host.substr(1, target.host.size() - 2);
  const std::string_view port = address.substr(colon + 1);
  std::from_chars(port.data(), port.data() + port.size(), target.port);
  return target;
}

}  // namespace

Result<Route> Router::to_proxmox(const Server& server) {
  return server.proxmox.url.empty() ? through_ssh(server) : to_url(server);
}

Result<Route> Router::to_url(const Server& server) {
  std::string url = server.proxmox.url;
  if (!url.starts_with("https://")) {
    return Error{ErrorCode::rejected,
                 fmt::format("the url of servers.{} must begin with https://", server.name)};
  }
  while (url.ends_with('/')) url.pop_back();
  Result<std::shared_ptr<TlsTrust>> trust =
      TlsTrust::make(server.proxmox.fingerprint, server.proxmox.ca_file);
  if (!trust) return trust.error();
  Route route;
  route.base_url = url;
  route.tls = *trust;
  route.may_use_proxy = options_.proxy_from_environment;
  route.is_api = true;
  route.connections = options_.max_connections;
  return route;
}

Result<Route> Router::through_ssh(const Server& server) {
  const Result<SshConnection> connection = ssh_of(connections_, server.name);
  if (!connection) return connection.error();
  std::string pin = server.proxmox.fingerprint;
  if (pin.empty() && server.proxmox.ca_file.empty()) {
    const Result<std::string> shown = host_certificate(server);
    if (!shown) return shown.error();
    pin = *shown;
  }
  Result<std::shared_ptr<TlsTrust>> trust = TlsTrust::make(pin, server.proxmox.ca_file);
  if (!trust) return trust.error();
  Route route = to_port(*connection, {"127.0.0.1", options_.proxmox_port});
  route.base_url = fmt::format("https://127.0.0.1:{}", options_.proxmox_port);
  route.tls = *trust;
  route.is_api = true;
  return route;
}

Route Router::to_port(const SshConnection& connection, ForwardTarget target) {
  Route route;
  route.base_url = "http://127.0.0.1";
  route.connections = options_.max_connections;
  route.dial = [this, connection, target = std::move(target)](BridgeDoor door) {
    auto job = std::make_shared<ChannelJob>(target, std::move(door));
    hosts_.start(connection, job);
    return job;
  };
  return route;
}

Result<std::string> Router::host_certificate(const Server& server) {
  ShellCommand command;
  command.host = host_shell(server.name);
  command.words = {"sh", "-c", std::string(k_certificate_script)};
  command.reads_only = true;
  const Result<ShellOutput> output = shell_.run(command);
  if (!output) return output.error();
  if (output->exit_status != 0) {
    return Error{ErrorCode::unauthorized,
                 fmt::format("{}: the certificate of its Proxmox API cannot be read over SSH: {}. "
                             "Is it a Proxmox host, and are we root there? Otherwise set "
                             "proxmox.fingerprint or proxmox.ca_file",
                             command.host,
                             trim(output->err))};
  }
  return pem_fingerprint(output->out).in_context(command.host + ": certificate of the API");
}

Result<Route> Router::to_program(const SshConnection& connection,
                                 std::string_view command,
                                 std::string host_header) {
  Route route;
  route.base_url = "http://127.0.0.1";
  route.host_header = std::move(host_header);
  route.connections = std::min(options_.max_connections, k_connections_by_program);
  route.dial = [this, connection, command = std::string(command)](BridgeDoor door) {
    auto job = std::make_shared<ChannelJob>(ExecTarget{command}, std::move(door));
    hosts_.start(connection, job);
    return job;
  };
  return route;
}

Result<Route> Router::to_engine(const Engine& engine) {
  if (const auto* local = std::get_if<UnixEngine>(&engine)) {
    Route route;
    route.base_url = "http://docker";
    route.unix_socket = local->socket_path;
    route.connections = options_.max_connections;
    return route;
  }
  if (const auto* direct = std::get_if<SshEngine>(&engine)) {
    return to_program(direct->ssh, k_dial, k_docker);
  }
  if (const auto* server = std::get_if<ServerEngine>(&engine)) {
    const Result<SshConnection> connection = ssh_of(connections_, server->server);
    if (!connection) return connection.error();
    return to_program(*connection, k_dial, k_docker);
  }
  const auto& guest = std::get<GuestEngine>(engine);
  const Result<SshConnection> connection = ssh_of(connections_, guest.server);
  if (!connection) return connection.error();
  return to_program(*connection, fmt::format("pct exec {} -- {}", guest.vmid, k_dial), k_docker);
}

Result<Route> Router::to_site(const std::string& site) {
  Route route;
  route.base_url = site;
  route.may_use_proxy = options_.proxy_from_environment;
  route.connections = options_.max_connections;
  if (!site.starts_with("https://")) return route;
  Result<std::shared_ptr<TlsTrust>> trust = TlsTrust::make("", "");
  if (!trust) return trust.error();
  route.tls = *trust;
  return route;
}

Result<Route> Router::to_service(const InnerService& service) {
  const Result<ShellPlace> place = place_of(service.shell);
  if (!place) return place.error();
  const Result<SshConnection> connection = ssh_of(connections_, place->server);
  if (!connection) return connection.error();
  const ForwardTarget target = target_of(service.address);
  if (place->prefix.empty()) {
    Route route = to_port(*connection, target);
    route.host_header = k_localhost;
    return route;
  }
  std::vector<std::string> words = place->prefix;
  for (const char* word : {"bash", "-c", k_relay, "relay"}) words.emplace_back(word);
  words.push_back(target.host);
  words.push_back(std::to_string(target.port));
  const Result<std::string> line = command_line(words);
  if (!line) return line.error();
  return to_program(*connection, *line, k_localhost);
}

}  // namespace aegis::transport
